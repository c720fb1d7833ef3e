import Dispatch
import FoveaSystem
import Glibc
import HTTPTypes
import Logging
import Synchronization

/// An HTTP/1.1 server on sockets and epoll(7).
///
/// A few event loops, a thread each, carry all connections; handlers run as Swift tasks and may take as long as they need without holding a loop.
public final class HTTPServer: Sendable {
    private struct State {
        var listener: Listener?
        var isStarted = false
        var tls: TLSStore?
    }

    private let configuration: HTTPServerConfiguration
    private let counter: ConnectionCounter
    private let loops: [ConnectionLoop]
    private let state = Mutex(State())

    /// As many loops take and give more bytes than a machine's network does.
    public static let mostLoops = 8

    /// A server that does not listen yet.
    public init(configuration: HTTPServerConfiguration, handler: any Handler) {
        self.configuration = configuration
        let counter = ConnectionCounter(limit: configuration.maxConnections)
        self.counter = counter
        let bodies = ByteBudget(limit: configuration.maxBodyBytes)
        let answers = ByteBudget(limit: configuration.maxAnswerBytes)
        loops = (0..<min(max(configuration.loops ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), Self.mostLoops)).map {
            ConnectionLoop(index: $0, configuration: configuration, handler: handler, counter: counter, bodies: bodies, answers: answers)
        }
    }

    deinit {
        for loop in loops { loop.stop() }
    }

    /// Binds, listens and accepts. To be called once.
    ///
    /// - Returns: the bound port.
    public func start() throws(HTTPServerStartError) -> Int {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { throw HTTPServerStartError("The server was started before; make another one.") }
        var tls: TLSStore?
        if let files = configuration.tls { tls = try TLSStore(files, logger: configuration.logger) }
        let (socket, port) = try Socket.listen(host: configuration.host, port: configuration.port, backlog: configuration.backlog)
        for loop in loops { try loop.start() }
        let listener = Listener(socket: socket, loops: loops, counter: counter, tls: tls, logger: configuration.logger)
        state.withLock { [tls] state in
            state.listener = listener
            state.tls = tls
        }
        listener.start()
        return port
    }

    /// Reads the certificate and the key again; connections from now on take them. Does nothing without TLS.
    ///
    /// - Throws: why they cannot be used; then the old ones stay.
    public func reloadTLS() throws(HTTPServerStartError) {
        try state.withLock { $0.tls }?.reload()
    }

    /// From now on every answer carries `Connection: close`; connections are still accepted and served.
    public func beginDraining() {
        for loop in loops { loop.drain(.announced) }
    }

    /// Closes the listener, answers what was accepted, closes idle connections, and waits until all are done.
    ///
    /// - Parameter timeout: within it all is over; shortly before, what is left is cut.
    /// - Returns: whether all was answered in time.
    @discardableResult
    public func shutdown(timeout: Duration) async -> Bool {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        let end = Instant.now.advanced(by: timeout)
        // Before the listener closes, so that connections it still takes know.
        for loop in loops { loop.drain(.closing) }
        if let listener {
            listener.ignoreNewConnections()
            try? await Task.sleep(for: min(Self.handshakeGrace, timeout / 4))
            listener.stop()
        }
        let cutting = min(Self.cutting, timeout / 4)
        if await emptied(within: Instant.now.duration(to: end) - cutting) { return true }
        for loop in loops { loop.closeAll() }
        _ = await emptied(within: Instant.now.duration(to: end))
        return false
    }

    /// What closing thousands of connections may take.
    private static let cutting = Duration.milliseconds(500)

    /// Within this a handshake ends that began before the drain: round trips across an ocean take less.
    private static let handshakeGrace = Duration.milliseconds(200)

    /// The number of open connections.
    public var connectionCount: Int { counter.count }

    /// The number of TLS handshakes that failed so far. Who leaves amid one, or says nothing more, is not counted.
    public var handshakeFailureCount: Int { counter.handshakeFailures }

    private func emptied(within timeout: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let once = Once(continuation)
            counter.whenEmpty { once.resume(true) }
            let milliseconds = max(0, timeout / .milliseconds(1))
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(milliseconds))) { once.resume(false) }
        }
    }
}
