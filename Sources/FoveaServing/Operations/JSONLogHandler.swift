import Logging

/// Writes each log entry as one line of JSON: `time`, `level`, `logger`, `message`, then the entry's metadata, all as strings.
public struct JSONLogHandler: LogHandler {
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
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { writer in
            writer.key("time")
            writer.value(LogLine.time())
            writer.key("level")
            writer.value(event.level.rawValue)
            writer.key("logger")
            writer.value(label)
            writer.key("message")
            writer.value(event.message.description)
            for (name, value) in LogLine.metadata(metadata, event) {
                writer.key(name)
                writer.value(value)
            }
        }
        write(writer.bytes + [UInt8(ascii: "\n")])
    }
}
