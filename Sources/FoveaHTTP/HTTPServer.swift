import HTTPTypes
import Logging

/// An HTTP/1.1 server on sockets and Dispatch.
public final class HTTPServer: Sendable {
    /// Why a server could not start.
    public struct StartError: Error, Sendable, CustomStringConvertible {
        /// What failed, where, and what to do.
        public var description: String
    }

    private let configuration: Configuration
    private let handler: any Handler

    /// A server that does not listen yet.
    public init(configuration: Configuration, handler: any Handler) {
        self.configuration = configuration
        self.handler = handler
    }

    /// Binds, listens and accepts.
    ///
    /// - Returns: the bound port.
    public func start() throws(StartError) -> Int {
        throw StartError(description: "not yet")
    }

    /// From now on every answer carries `Connection: close`; connections are still accepted and served.
    public func beginDraining() {}

    /// Closes the listener, answers what was accepted, closes idle connections, and waits until all are done.
    ///
    /// - Parameter timeout: after it what is left is cut.
    /// - Returns: whether all was answered in time.
    @discardableResult
    public func shutdown(timeout: Duration) async -> Bool { true }

    /// The number of open connections.
    public var connectionCount: Int { 0 }
}
