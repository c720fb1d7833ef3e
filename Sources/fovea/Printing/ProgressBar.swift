import FoveaSystem
import Glibc

/// A bar on standard error, drawn only where that is a terminal, at most ten times a second.
struct ProgressBar {
    private let total: Int
    private let isShown: Bool
    private let start = Instant.now
    private var drawn: Instant?

    init(total: Int) {
        self.total = total
        isShown = isatty(STDERR_FILENO) == 1 && total > 1
    }

    /// Shows how many are done.
    mutating func update(_ done: Int) {
        guard isShown else { return }
        let now = Instant.now
        if let drawn, drawn.duration(to: now) < .milliseconds(100), done < total { return }
        drawn = now
        let seconds = start.duration(to: now) / .seconds(1)
        let filled = 30 * done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let rate = seconds > 0 ? Int((Double(done) / seconds).rounded()) : 0
        let line = "\r\(bar) \(done)/\(total)  \(rate) pictures/s"
        try? OutputFile.standardError.write(line.utf8)
    }

    /// Clears the line.
    func finish() {
        guard isShown else { return }
        try? OutputFile.standardError.write("\r\u{1B}[K".utf8)
    }
}
