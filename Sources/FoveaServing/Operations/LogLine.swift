import FoveaHTTP
import Glibc
import Logging
import Synchronization

/// What both forms of the log share: the time, and how a line leaves the process. A line a request is written under overload too, so both are cheap.
enum LogLine {
    /// The last second that was written, as text without its fraction.
    private static let second = Mutex((time: -1, text: ""))

    /// Now in UTC with milliseconds, as RFC 3339 writes it: `2026-11-21T09:30:00.125Z`.
    static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = String(1_000 + now.tv_nsec / 1_000_000).dropFirst()
        let text = second.withLock { second in
            if second.time != now.tv_sec { second = (now.tv_sec, HTTPDate.timestamp(unixTime: now.tv_sec)) }
            return second.text
        }
        return "\(text).\(milliseconds)Z"
    }

    /// The handler's metadata and the entry's, which wins, by name.
    static func metadata(_ handler: Logger.Metadata, _ event: LogEvent) -> [(name: String, value: String)] {
        var merged = event.metadata ?? [:]
        if !handler.isEmpty { merged = handler.merging(merged) { _, new in new } }
        return merged.map { (name: $0.key, value: $0.value.description) }.sorted { $0.name < $1.name }
    }

    /// Writes a line to standard error: in one piece, so that lines of several threads do not mix. A full disk or a closed pipe must not end the server.
    static func writeToStandardError(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}
