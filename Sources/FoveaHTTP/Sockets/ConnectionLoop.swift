import FoveaSystem
import Logging

/// An event loop with the connections that live on it, one read buffer for all of them, and one clock.
///
/// What is not constant is touched on the loop's thread alone; that is what makes it `Sendable`.
final class ConnectionLoop: @unchecked Sendable {
    let events: EventLoop
    let configuration: HTTPServerConfiguration
    let handler: any Handler
    let counter: ConnectionCounter
    /// Of all loops together.
    let bodies: ByteBudget
    let answers: ByteBudget
    /// What connections read into: an idle connection holds no buffer.
    var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Whether the last request was refused because there was no room for it.
    var expectsRefusal = false
    /// What TLS decrypts into.
    var plain: [UInt8] = []
    private var connections: [ObjectIdentifier: SocketConnection] = [:]
    private var drainState = ConnectionState.Drain.no
    private var isTicking = false
    private var looks = DeadlineQueue<ObjectIdentifier>()
    /// The longest between two looks at the clock.
    let tick: Duration

    init(
        index: Int, configuration: HTTPServerConfiguration, handler: any Handler, counter: ConnectionCounter, bodies: ByteBudget,
        answers: ByteBudget
    ) {
        events = EventLoop(label: "fovea-http-\(index)")
        self.configuration = configuration
        self.handler = handler
        self.counter = counter
        self.bodies = bodies
        self.answers = answers
        let limits = configuration.limits
        let shortest = [limits.headerTimeout, limits.bodyGrace, limits.idleTimeout, limits.lingerIdleTimeout, limits.drainIdleTimeout].min()
        tick = min(max((shortest ?? .seconds(1)) / 4, .milliseconds(10)), .milliseconds(250))
    }

    /// Starts the thread. To be called once.
    func start() throws(HTTPServerStartError) {
        try events.start()
    }

    /// Cuts what is left and ends the thread. Callable from any thread.
    func stop() {
        closeAll()
        events.stop()
    }

    /// Takes a connection that was just accepted. Callable from any thread.
    ///
    /// - Parameter tls: where the connection's TLS session comes from; `nil` for plain HTTP.
    func adopt(_ socket: Socket, remoteAddress: String?, tls: TLSStore?) {
        events.async { [self] in
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
        looks.remove(ObjectIdentifier(connection))
        if connections.removeValue(forKey: ObjectIdentifier(connection)) != nil { counter.closed() }
    }

    /// A connection wants to be looked at by then.
    func look(at connection: SocketConnection, by instant: Instant) {
        looks.add(ObjectIdentifier(connection), by: instant)
    }

    /// Closes some connections that wait for their next request, those that waited longest first. Callable from any thread.
    func makeRoom() {
        events.async { [self] in
            let waited = Instant.now.advanced(by: .zero - Self.waitToLeave)
            let waiting = connections.values.compactMap { connection -> (since: Instant, connection: SocketConnection)? in
                guard let since = connection.idleSince, since <= waited else { return nil }
                return (since, connection)
            }
            for (_, connection) in waiting.sorted(by: { $0.since < $1.since }).prefix(Self.leavesAtOnce) { connection.makeRoom() }
        }
    }

    /// Whoever waits for less than this may be about to send a request.
    private static let waitToLeave = Duration.seconds(1)
    /// As many as nginx closes.
    private static let leavesAtOnce = 32

    /// Callable from any thread.
    func drain(_ drain: ConnectionState.Drain) {
        events.async { [self] in
            drainState = max(drainState, drain)
            for connection in connections.values { connection.drain(drain) }
        }
    }

    /// Cuts every connection. Callable from any thread.
    func closeAll() {
        events.async { [self] in
            for connection in connections.values { connection.cut() }
        }
    }

    /// Time in which this thread did not run, on a machine that was starved, stopped or put to sleep, is not the clients': they may have been kept from
    /// sending just as long, and those on the same machine were.
    private func postpone(by delay: Duration) {
        for connection in connections.values { connection.postpone(by: delay) }
    }

    /// Between two looks at the clock at least: what thousands of deadlines within a moment call for is spread over the next ones, and leaves requests their turns.
    private static let shortestTick = Duration.milliseconds(5)
    /// As many connections may be answered and closed at one look at the clock.
    private static let looksInTurn = 32

    /// One timer while there are connections, which is far cheaper than one each, that every request would set anew.
    private func scheduleTick() {
        let now = Instant.now
        let delay = min(tick, max(Self.shortestTick, looks.next.map { now.duration(to: $0) } ?? tick))
        let due = now.advanced(by: delay)
        events.after(delay) { [self] in
            let now = Moment.now
            let late = due.duration(to: now.instant)
            if late >= tick { postpone(by: late) }
            for id in looks.takeDue(at: now.instant, most: Self.looksInTurn) { connections[id]?.timePassed(at: now) }
            if connections.isEmpty { isTicking = false } else { scheduleTick() }
        }
    }
}
