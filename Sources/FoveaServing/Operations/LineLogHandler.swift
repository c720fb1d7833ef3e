import Logging

/// Writes each log entry as one line.
public struct LineLogHandler: LogHandler {
    /// Lines below this level are not written.
    public var logLevel = Logger.Level.info
    /// Goes with every line.
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Void

    init(label: String, format: LogFormat, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.label = label
        self.format = format
        self.write = write
    }

    /// One entry of the metadata that goes with every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        write(format.line(label: label, metadata: metadata, event))
    }
}
