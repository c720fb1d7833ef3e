import FoveaSystem
import HTTPTypes

/// One connection's side of HTTP/1.1, as a value without socket or clock: each method takes what happened and returns what to do.
///
/// Requests are answered one after another in their order (RFC 9112, 9.3.2): the next one is read when the last answer was handed to the socket.
/// Whoever drives it calls `timePassed` once `deadline` is reached, and reads only while `wantsInput`.
package struct ConnectionState: Sendable {
    package enum Action: Sendable {
        /// Ask the handler; then call `answered`.
        case respond(ServerRequest)
        /// Send these bytes after those before, and call `flushed` when none is left.
        case send(head: [UInt8], body: [UInt8])
        /// The client ended its side, and an answer is under way: find out whether it is gone, and call `lost` if so.
        case watchPeer
        /// The client left before its answer: let go of the work.
        case abandon(ClientConnection)
        /// End the sending side (all was sent), so that the client sees the end.
        case endSending
        /// Close the socket.
        case close
        /// Tell the observer.
        case report(RequestRecord)
    }

    /// How far the server's end is.
    package enum Drain: Sendable, Comparable {
        case no
        /// Answers carry `Connection: close`.
        case announced
        /// And connections without a request are closed soon.
        case closing
    }

    enum Phase {
        case reading
        case answering
        /// The answer waits for the socket.
        case sending
        /// The last answer was sent; what still comes is thrown away (RFC 9112, 9.6).
        case lingering(bytesLeft: Int, until: Instant)
        case closed
    }

    let limits: HTTPLimits
    let problems: ProblemRenderer
    let remoteAddress: String?
    let admit: @Sendable (ServerRequest) -> Admission
    let bodies: ByteBudget
    let answers: ByteBudget
    let makeID: @Sendable () -> String

    var parser: RequestParser
    var phase = Phase.reading
    var exchange: Exchange?
    /// Whether the present request has its answer already, and only the rest of it is to come.
    var isRefused = false
    /// Bytes behind the present request.
    var backlog: ArraySlice<UInt8> = []
    private var peerEnded = false
    /// Bytes of the present request's body that were taken from `bodies`.
    var heldBytes = 0
    /// Bytes of the present answer that were taken from `answers`.
    var heldAnswer = 0
    var drainState: Drain
    /// When `bodyCount` began to count.
    var bodyStart: Instant?
    /// When the answer must have been taken, however steadily it is.
    var answerDue: Instant?
    /// Since when nothing is under way, where nothing is.
    private var idleStart: Instant

    /// When `timePassed` is to be called.
    package internal(set) var deadline: Instant?

    /// A connection that was just accepted.
    package init(
        limits: HTTPLimits, problems: ProblemRenderer = ProblemRenderer(), remoteAddress: String? = nil, drain: Drain = .no,
        bodies: ByteBudget = ByteBudget(limit: .max), answers: ByteBudget = ByteBudget(limit: .max), at now: Moment,
        makeID: @escaping @Sendable () -> String = RequestID.make, admit: @escaping @Sendable (ServerRequest) -> Admission
    ) {
        self.limits = limits
        self.problems = problems
        self.remoteAddress = remoteAddress
        self.admit = admit
        self.bodies = bodies
        self.answers = answers
        self.makeID = makeID
        drainState = drain
        idleStart = now.instant
        parser = RequestParser(limits: limits)
        deadline = now.instant.advanced(by: drain == .closing ? min(limits.headerTimeout, limits.drainIdleTimeout) : limits.headerTimeout)
    }

    /// Whether bytes should be read from the socket.
    @inline(__always)
    package var wantsInput: Bool {
        switch phase {
        case .reading, .lingering: !peerEnded
        case .answering, .sending: !peerEnded && backlog.count < limits.pipelined
        case .closed: false
        }
    }

    /// How many of the next bytes are of a refused request's body: they may be thrown away unseen, and be told to `skipped`.
    @inline(__always)
    package var skippable: Int {
        if case .reading = phase, isRefused { parser.skippable } else { 0 }
    }

    /// Whether nothing is under way.
    @inline(__always)
    package var isIdle: Bool {
        if case .reading = phase { return parser.isIdle && backlog.isEmpty }
        return false
    }

    /// Since when nothing is under way; `nil` where something is.
    package var idleSince: Instant? { isIdle ? idleStart : nil }

    package var isClosed: Bool {
        if case .closed = phase { return true }
        return false
    }

    // MARK: - What happened

    /// Bytes came.
    package mutating func received(_ bytes: ArraySlice<UInt8>, at now: Moment) -> [Action] {
        switch phase {
        case .reading:
            let actions = read(bytes, at: now)
            // A copy of what is left, since the bytes lie in a buffer that others read into.
            if !backlog.isEmpty { backlog = ArraySlice(Array(backlog)) }
            return actions
        case .answering, .sending:
            // After this answer nothing is read any more when the connection is to end.
            if exchange?.keepAlive == true { backlog.append(contentsOf: bytes) }
            return []
        case .lingering(let left, let end):
            guard bytes.count < left else { return close() }
            phase = .lingering(bytesLeft: left - bytes.count, until: end)
            deadline = min(end, now.instant.advanced(by: limits.lingerIdleTimeout))
            return []
        case .closed: return []
        }
    }

    /// So many of the `skippable` bytes came.
    package mutating func skipped(_ count: Int, at now: Moment) -> [Action] {
        guard count > 0, count <= skippable else { return [] }
        if case .body(let body) = parser.skip(count) { return complete(body, at: now) }
        updateBodyDeadline(at: now)
        return []
    }

    /// Others need the place that this connection takes without a request.
    package mutating func makeRoom() -> [Action] { isIdle ? close() : [] }

    /// The client ended its sending side.
    package mutating func receivedEnd(at now: Moment) -> [Action] {
        peerEnded = true
        switch phase {
        case .reading:
            if parser.isIdle { return close() }
            return fail(Problem(.badRequest, "The connection ended before the request was complete (RFC 9112, 8)."), at: now)
        case .answering:
            // A half-closed client still waits for its answer (RFC 9112, 9.6), one that closed does not, and both look alike.
            // An interim answer that any HTTP/1.1 client must skip (RFC 9110, 15.2) makes a closed one reset the connection.
            if exchange?.isHTTP10 == true { return [.watchPeer] }
            return [.send(head: ResponseEncoder.continueBytes, body: []), .watchPeer]
        case .sending, .closed: return []
        case .lingering: return close()
        }
    }

    /// The connection was reset or broke, or the server cuts it.
    ///
    /// - Parameter status: what is reported of a request under way, which gets no answer.
    package mutating func lost(as status: HTTPResponse.Status = .clientClosedRequest, at now: Moment) -> [Action] {
        var actions: [Action] = []
        let isReading = if case .reading = phase { !parser.isIdle } else { false }
        if isReading { identify() }
        let isAnswering = if case .answering = phase { true } else { false }
        if let exchange, isReading || isAnswering {
            if isAnswering { actions.append(.abandon(exchange.client)) }
            actions.append(report(exchange, status: status, bytes: 0, at: now))
        }
        return actions + close()
    }

    /// The handler answered the request of the last `respond`.
    package mutating func answered(_ response: ServerResponse, at now: Moment) -> [Action] {
        guard case .answering = phase else { return [] }
        return send(response, at: now)
    }

    /// So many bytes went out.
    package mutating func progressed(_ count: Int, at now: Moment) {
        guard case .sending = phase, let due = deadline else { return }
        // Each byte earns its time at the slowest rate, but none of them more than `writeTimeout` of silence.
        let soon = now.instant.advanced(by: limits.writeTimeout)
        deadline = min(soon, due.advanced(by: limits.time(of: count)), answerDue ?? soon)
    }

    /// All bytes went out.
    package mutating func flushed(at now: Moment) -> [Action] {
        guard case .sending = phase, let exchange else { return [] }
        self.exchange = nil
        releaseAnswer()
        if exchange.keepAlive, !peerEnded || !backlog.isEmpty {
            phase = .reading
            bodyStart = nil
            idleStart = now.instant
            deadline = now.instant.advanced(by: drainState == .closing ? limits.drainIdleTimeout : limits.idleTimeout)
            let input = backlog
            backlog = []
            let actions = input.isEmpty ? [] : read(input, at: now)
            // The end came behind the pipelined requests.
            switch phase {
            case .reading, .answering: return peerEnded ? actions + receivedEnd(at: now) : actions
            default: return actions
            }
        }
        if peerEnded { return close() }
        // Closing now would reset the connection if bytes are on their way, and the client might lose the answer (RFC 9112, 9.6).
        // Nothing more is expected behind a request that was read whole: the client has only to take the answer and to close.
        var patience = limits.lingerTimeout
        if exchange.isComplete { patience = min(patience, drainState == .closing ? .milliseconds(250) : .seconds(2)) }
        let end = now.instant.advanced(by: patience)
        phase = .lingering(bytesLeft: limits.lingerBytes, until: end)
        backlog = []
        deadline = min(end, now.instant.advanced(by: limits.lingerIdleTimeout))
        return [.endSending]
    }

    /// Time went by; does something only when `deadline` is reached.
    package mutating func timePassed(at now: Moment) -> [Action] {
        guard let due = deadline, now.instant >= due else { return [] }
        switch phase {
        case .reading:
            if parser.isIdle { return close() }
            let what =
                parser.isInBody
                ? "The body did not arrive in time; \(parser.bodyCount) bytes of it did (RFC 9110, 15.5.9)."
                : "The request's head did not arrive within \(limits.headerTimeout) (RFC 9110, 15.5.9)."
            return fail(Problem(.requestTimeout, what), at: now)
        case .answering, .closed:
            deadline = nil
            return []
        case .sending: return lost(at: now)
        case .lingering: return close()
        }
    }

    /// So much time is not held against the client.
    package mutating func postpone(by delay: Duration) {
        deadline = deadline?.advanced(by: delay)
        bodyStart = bodyStart?.advanced(by: delay)
        answerDue = answerDue?.advanced(by: delay)
        if case .lingering(let left, let end) = phase { phase = .lingering(bytesLeft: left, until: end.advanced(by: delay)) }
    }

    /// The server is about to end.
    package mutating func drain(_ drain: Drain, at now: Moment) {
        drainState = max(drainState, drain)
        if drainState == .closing, isIdle {
            let soon = now.instant.advanced(by: limits.drainIdleTimeout)
            deadline = min(deadline ?? soon, soon)
        }
    }
}
