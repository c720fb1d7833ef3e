/// A client's end of a connection, with or without a socket.
public protocol ByteStream: Sendable {
    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws
    /// Ends the sending side; answers can still be received.
    func endSending() async
    /// Breaks the connection off.
    func reset() async
    /// Closes the connection in order.
    func close() async
    /// Waits for bytes; empty at the end.
    ///
    /// - Throws: `TestError` when the connection was reset, or nothing came for thirty seconds.
    func receive() async throws -> [UInt8]
}

/// What went wrong in a test's connection.
public struct TestError: Error, CustomStringConvertible {
    /// The failure.
    public var description: String

    /// A failure.
    public init(_ description: String) {
        self.description = description
    }
}
