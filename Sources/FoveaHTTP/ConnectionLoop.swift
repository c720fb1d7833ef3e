import Dispatch
import Logging

/// A serial queue with the connections that live on it, one read buffer for all of them, and one clock.
///
/// Everything but `queue` is touched on `queue` alone; that is what makes it `Sendable`.
final class ConnectionLoop: @unchecked Sendable {
    let queue: DispatchQueue
    let configuration: HTTPServer.Configuration
    let handler: any Handler
    let counter: ConnectionCounter
    /// Of all loops together.
    let bodies: ByteBudget
    /// What connections read into: an idle connection holds no buffer.
    var buffer = [UInt8](repeating: 0, count: 65_536)
    /// What TLS decrypts into.
    var plain: [UInt8] = []
    private var connections: [ObjectIdentifier: SocketConnection] = [:]
    private var drainState = ConnectionState.Drain.no
    private var isTicking = false
    /// No connection needs a look before this.
    private var nextLook: ContinuousClock.Instant?
    private let tick: Duration

    init(index: Int, configuration: HTTPServer.Configuration, handler: any Handler, counter: ConnectionCounter, bodies: ByteBudget) {
        // A queue without a target of its own gets a thread whenever it has work, even while all of Dispatch's and Swift's pool threads are busy.
        queue = DispatchQueue(label: "fovea.http.\(index)", qos: .userInitiated)
        self.configuration = configuration
        self.handler = handler
        self.counter = counter
        self.bodies = bodies
        let limits = configuration.limits
        let shortest = [limits.headerTimeout, limits.bodyGrace, limits.idleTimeout, limits.lingerIdleTimeout, limits.drainIdleTimeout].min()
        tick = min(max((shortest ?? .seconds(1)) / 4, .milliseconds(10)), .milliseconds(250))
    }

    /// Takes a connection that was just accepted. Callable from any queue.
    ///
    /// - Parameter tls: where the connection's TLS session comes from; `nil` for plain HTTP.
    func adopt(_ socket: Socket, remoteAddress: String?, tls: TLSStore?) {
        queue.async { [self] in
            var session: TLSSession?
            if let tls {
                session = tls.makeSession()
                if session == nil {
                    socket.close(abruptly: true)
                    counter.closed()
                    return
                }
            }
            let connection = SocketConnection(socket: socket, tls: session, remoteAddress: remoteAddress, drain: drainState, loop: self)
            connections[ObjectIdentifier(connection)] = connection
            connection.start()
            if !isTicking {
                isTicking = true
                scheduleTick()
            }
        }
    }

    /// Lets a connection that was closed go.
    func remove(_ connection: SocketConnection) {
        if connections.removeValue(forKey: ObjectIdentifier(connection)) != nil { counter.closed() }
    }

    /// A connection wants to be looked at by then.
    func look(by instant: ContinuousClock.Instant) {
        nextLook = min(nextLook ?? instant, instant)
    }

    /// Callable from any queue.
    func drain(_ drain: ConnectionState.Drain) {
        queue.async { [self] in
            drainState = max(drainState, drain)
            for connection in connections.values { connection.drain(drain) }
        }
    }

    /// Cuts every connection. Callable from any queue.
    func closeAll() {
        queue.async { [self] in
            for connection in connections.values { connection.cut() }
        }
    }

    /// A tick some times a second while there are connections, and a look at all of them only when the first deadline is due: far cheaper than a
    /// timer each, which every request would set anew.
    private func scheduleTick() {
        let nanoseconds = tick.components.attoseconds / 1_000_000_000 + tick.components.seconds * 1_000_000_000
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [self] in
            let now = Moment.now
            if let due = nextLook, now.instant >= due {
                nextLook = nil
                // Those that are left say anew when they want the next look.
                for connection in connections.values { connection.timePassed(at: now) }
            }
            if connections.isEmpty { isTicking = false } else { scheduleTick() }
        }
    }
}
