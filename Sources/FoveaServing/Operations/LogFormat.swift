import FoveaHTTP
import Glibc
import Logging
import Synchronization

/// How a log entry becomes a line. A line a request is written under overload too, so both forms are cheap.
public enum LogFormat: String, Sendable, CaseIterable {
    /// Time, level, logger, message, then the entry's metadata as `name=value`, a value in quotes where it needs them.
    case text
    /// An object: `time`, `level`, `logger`, `message`, then the entry's metadata; numbers as numbers, all else as strings.
    case json

    func line(label: String, metadata: Logger.Metadata, _ event: LogEvent) -> [UInt8] {
        switch self {
        case .text: Self.text(label, Self.merged(metadata, event), event)
        case .json: Self.json(label, Self.merged(metadata, event), event)
        }
    }

    private static func text(_ label: String, _ metadata: [(name: String, value: Logger.Metadata.Value)], _ event: LogEvent) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(320)
        line.append(contentsOf: "\(time()) \(event.level.rawValue) \(label): ".utf8)
        // A message as it is, but never more than a line: what a client sent may be in it.
        for byte in event.message.description.utf8 { line.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte) }
        for (name, value) in metadata {
            let value = value.description
            line.append(contentsOf: " \(name)=".utf8)
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7f }
            if isPlain { line.append(contentsOf: value.utf8) } else { JSONText.append(value, to: &line) }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func json(_ label: String, _ metadata: [(name: String, value: Logger.Metadata.Value)], _ event: LogEvent) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { writer in
            writer.member("time", time())
            writer.member("level", event.level.rawValue)
            writer.member("logger", label)
            writer.member("message", event.message.description)
            for (name, value) in metadata {
                switch value {
                case .stringConvertible(let number as Int): writer.member(name, number)
                case .stringConvertible(let number as Double): writer.member(name, number)
                default: writer.member(name, value.description)
                }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// The last second that was written, as text without its fraction.
    private static let second = Mutex((time: -1, text: ""))

    /// Now in UTC with milliseconds, as RFC 3339 writes it: `2026-11-21T09:30:00.125Z`.
    private static func time() -> String {
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
    private static func merged(_ handler: Logger.Metadata, _ event: LogEvent) -> [(name: String, value: Logger.Metadata.Value)] {
        var merged = event.metadata ?? [:]
        if !handler.isEmpty { merged = handler.merging(merged) { _, new in new } }
        return merged.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }
}
