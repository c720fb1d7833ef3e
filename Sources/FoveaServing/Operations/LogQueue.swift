import Dispatch
import FoveaSystem
import Glibc
import Logging
import Synchronization

/// Takes log lines and writes them on a thread of its own, so that neither a reader that stands still nor a slow disk holds up who logs.
///
/// Lines that find no room are lost, and counted; the next line that is written says how many.
public final class LogQueue: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        /// Lines that found no room since the log last said so.
        var untold = 0
        var isWriting = false
    }

    private let format: LogFormat
    private let file: OutputFile
    private let capacity: Int
    private let state = Mutex(State())
    private let lostLines = Atomic<Int>(0)
    private let thread = DispatchQueue(label: "fovea.log")
    /// Between two writes, in microseconds.
    private static let rest: UInt32 = 5_000

    /// A queue to standard error, of some ten thousand lines.
    public convenience init(format: LogFormat) {
        self.init(format: format, file: .standardError, capacity: 4 << 20)
    }

    /// - Parameter capacity: in bytes.
    init(format: LogFormat, file: OutputFile, capacity: Int) {
        self.format = format
        self.file = file
        self.capacity = capacity
    }

    /// Lines that found no room, or that could not be written, as where a disk is full.
    public var lost: Int { lostLines.load(ordering: .relaxed) }

    /// A handler whose lines it writes.
    public func handler(label: String) -> LineLogHandler {
        LineLogHandler(label: label, format: format, write: add)
    }

    /// Takes a line, its end included.
    func add(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            if line.count > capacity - state.waiting.count {
                state.untold += 1
                lostLines.add(1, ordering: .relaxed)
            } else {
                state.waiting += line
            }
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isFirst { thread.async { self.write() } }
    }

    /// Waits until what was taken before is written.
    ///
    /// - Returns: whether it was, in that time.
    @discardableResult
    public func flush(within timeout: DispatchTimeInterval) -> Bool {
        let isDone = DispatchSemaphore(value: 0)
        thread.async { isDone.signal() }
        return isDone.wait(timeout: .now() + timeout) == .success
    }

    /// Writes until nothing waits any more, as many lines at once as there are.
    private func write() {
        var lines: [UInt8] = []
        while true {
            lines.removeAll(keepingCapacity: true)
            let (isDone, untold) = state.withLock { state in
                swap(&lines, &state.waiting)
                defer { state.untold = 0 }
                state.isWriting = !lines.isEmpty || state.untold > 0
                return (!state.isWriting, state.untold)
            }
            if isDone { return }
            put(lines)
            if untold > 0 {
                Logger(label: "fovea") { LineLogHandler(label: $0, format: format, write: put) }
                    .warning(
                        "Lines of the log were lost: it was not read, or not written, as fast as they came.",
                        metadata: ["lines": "\(untold)"])
            }
            // What comes meanwhile is written in one piece: a wake for every line would take the processor from who logs.
            usleep(Self.rest)
        }
    }

    /// In one piece, so that other processes' lines do not mix with ours. A full disk or a closed pipe ends nothing.
    private func put(_ lines: [UInt8]) {
        do {
            try file.write(lines)
        } catch {
            lostLines.add(lines.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
        }
    }
}
