import FoveaHTTP
import Logging

/// Writes each log entry as one line of text: time, level, logger, message, then the entry's metadata as `name=value`, a value in quotes where it needs them.
public struct TextLogHandler: LogHandler {
    /// Lines below this level are not written.
    public var logLevel = Logger.Level.info
    /// Goes with every line.
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let write: @Sendable ([UInt8]) -> Void

    /// A handler that writes to standard error.
    public init(label: String) {
        self.init(label: label, write: LogLine.writeToStandardError)
    }

    init(label: String, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.label = label
        self.write = write
    }

    /// One entry of the metadata that goes with every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(320)
        line.append(contentsOf: "\(LogLine.time()) \(event.level.rawValue) \(label): ".utf8)
        append(event.message.description, to: &line)
        for (name, value) in LogLine.metadata(metadata, event) {
            line.append(contentsOf: " \(name)=".utf8)
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7f }
            if isPlain { line.append(contentsOf: value.utf8) } else { JSONText.append(value, to: &line) }
        }
        line.append(UInt8(ascii: "\n"))
        write(line)
    }

    /// A message as it is, but never more than a line: what a client sent may be in it.
    private func append(_ message: String, to line: inout [UInt8]) {
        for byte in message.utf8 { line.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte) }
    }
}
