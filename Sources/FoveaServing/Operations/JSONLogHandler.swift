import Foundation
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
        self.init(label: label) { line in
            // One write, so that lines of several threads do not mix; a full disk or a closed pipe must not end the server.
            try? FileHandle.standardError.write(contentsOf: line)
        }
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
            writer.value(Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)))
            writer.key("level")
            writer.value(event.level.rawValue)
            writer.key("logger")
            writer.value(label)
            writer.key("message")
            writer.value(event.message.description)
            let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }
            for (name, value) in merged.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.value(value.description)
            }
        }
        write(writer.bytes + [UInt8(ascii: "\n")])
    }
}
