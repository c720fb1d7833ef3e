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

    private struct Exchange {
        var id: String
        var method: HTTPRequest.Method?
        var path: String?
        var isHTTP10 = false
        var keepAlive = false
        var timings: RequestTimings
        var requestBytes = 0
        var client = ClientConnection()
        var head: RequestHead?
        var trace: TraceContext?
        /// An answer that was found before the body was read, where the body is short enough to be skipped.
        var refusal: ServerResponse?
        /// Whether the whole request was read.
        var isComplete = false
    }

    private enum Phase {
        case reading
        case answering
        /// The answer waits for the socket.
        case sending
        /// The last answer was sent; what still comes is thrown away (RFC 9112, 9.6).
        case lingering(bytesLeft: Int, until: ContinuousClock.Instant)
        case closed
    }

    private let limits: HTTPServer.Limits
    private let problems: ProblemRenderer
    private let remoteAddress: String?
    private let admit: @Sendable (ServerRequest) -> Admission
    private let bodies: ByteBudget
    private let makeID: @Sendable () -> String

    private var parser: RequestParser
    private var phase = Phase.reading
    private var exchange: Exchange?
    private var backlog: [UInt8] = []
    private var peerEnded = false
    /// Bytes of the present request's body that were taken from `bodies`.
    private var heldBytes = 0
    private var drainState: Drain
    /// When `bodyCount` began to count.
    private var bodyStart: ContinuousClock.Instant?
    /// When the answer must have been taken, however steadily it is.
    private var answerDue: ContinuousClock.Instant?

    /// When `timePassed` is to be called.
    package private(set) var deadline: ContinuousClock.Instant?

    /// A connection that was just accepted.
    package init(
        limits: HTTPServer.Limits, problems: ProblemRenderer = ProblemRenderer(), remoteAddress: String? = nil, drain: Drain = .no,
        bodies: ByteBudget = ByteBudget(limit: .max), at now: Moment, makeID: @escaping @Sendable () -> String = RequestID.make,
        admit: @escaping @Sendable (ServerRequest) -> Admission
    ) {
        self.limits = limits
        self.problems = problems
        self.remoteAddress = remoteAddress
        self.admit = admit
        self.bodies = bodies
        self.makeID = makeID
        drainState = drain
        parser = RequestParser(limits: limits)
        deadline = now.instant.advanced(by: drain == .closing ? min(limits.headerTimeout, limits.drainIdleTimeout) : limits.headerTimeout)
    }

    /// Whether bytes should be read from the socket.
    package var wantsInput: Bool {
        switch phase {
        case .reading, .lingering: !peerEnded
        case .answering, .sending: !peerEnded && backlog.count < limits.pipelined
        case .closed: false
        }
    }

    /// Whether nothing is under way.
    package var isIdle: Bool {
        if case .reading = phase { return parser.isIdle && backlog.isEmpty }
        return false
    }

    package var isClosed: Bool {
        if case .closed = phase { return true }
        return false
    }

    // MARK: - What happened

    /// Bytes came.
    package mutating func received(_ bytes: ArraySlice<UInt8>, at now: Moment) -> [Action] {
        switch phase {
        case .reading: return read(bytes, at: now)
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

    /// The connection was reset or broke.
    package mutating func lost(at now: Moment) -> [Action] {
        var actions: [Action] = []
        if case .answering = phase, let exchange {
            actions.append(.abandon(exchange.client))
            // 499: nginx's number for a client that left; it is in logs only.
            actions.append(
                report(exchange, status: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"), bytes: 0, at: now))
        }
        return actions + close()
    }

    /// The handler answered the request of the last `respond`.
    package mutating func answered(_ response: ServerResponse, at now: Moment) -> [Action] {
        guard case .answering = phase else { return [] }
        exchange?.client.finish()
        return send(response, at: now)
    }

    /// Some bytes went out.
    package mutating func progressed(at now: Moment) {
        guard case .sending = phase else { return }
        let soon = now.instant.advanced(by: limits.writeTimeout)
        deadline = min(soon, answerDue ?? soon)
    }

    /// All bytes went out.
    package mutating func flushed(at now: Moment) -> [Action] {
        guard case .sending = phase, let exchange else { return [] }
        self.exchange = nil
        if exchange.keepAlive, !peerEnded || !backlog.isEmpty {
            phase = .reading
            bodyStart = nil
            deadline = now.instant.advanced(by: drainState == .closing ? limits.drainIdleTimeout : limits.idleTimeout)
            let input = backlog
            backlog = []
            let actions = input.isEmpty ? [] : read(input[...], at: now)
            // The end came behind the pipelined requests.
            if case .reading = phase, peerEnded { return actions + receivedEnd(at: now) }
            return actions
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

    /// The server is about to end.
    package mutating func drain(_ drain: Drain, at now: Moment) {
        drainState = max(drainState, drain)
        if drainState == .closing, isIdle {
            let soon = now.instant.advanced(by: limits.drainIdleTimeout)
            deadline = min(deadline ?? soon, soon)
        }
    }

    // MARK: - Reading

    private mutating func read(_ bytes: ArraySlice<UInt8>, at now: Moment) -> [Action] {
        var input = bytes
        var actions: [Action] = []
        reading: while case .reading = phase {
            let wasIdle = parser.isIdle
            if wasIdle, input.isEmpty { break }
            if wasIdle {
                exchange = Exchange(id: "", timings: RequestTimings(at: now.instant))
                deadline = now.instant.advanced(by: limits.headerTimeout)
            }
            if parser.isInBody, exchange?.refusal == nil {
                guard bodies.reserve(input.count) else {
                    actions += fail(Self.tooManyBytes, at: now)
                    break
                }
                heldBytes += input.count
            }
            switch parser.next(&input) {
            case .more: break reading
            case .head(let head): actions += begin(head, moreInput: !input.isEmpty, at: now)
            case .body(let body): actions += complete(body, at: now)
            case .failure(let problem): actions += fail(problem, at: now)
            }
        }
        switch phase {
        case .reading: updateBodyDeadline()
        case .answering, .sending: if exchange?.keepAlive == true, !input.isEmpty { backlog = Array(input) }
        default: break
        }
        return actions
    }

    /// Decides about a head: whether the body is read, and whether the client waits to be told so.
    private mutating func begin(_ head: RequestHead, moreInput: Bool, at now: Moment) -> [Action] {
        var exchange = exchange ?? Exchange(id: "", timings: RequestTimings(at: now.instant))
        exchange.id = head.requestID ?? makeID()
        exchange.method = head.request.method
        exchange.path = head.request.path
        exchange.isHTTP10 = head.isHTTP10
        exchange.keepAlive = head.keepAlive
        exchange.timings.head = now.instant
        exchange.head = head
        exchange.trace = TraceContext(head.request.headerFields)
        self.exchange = exchange
        let request = ServerRequest(
            head: head.request, id: exchange.id, remoteAddress: remoteAddress, client: exchange.client, timings: exchange.timings)

        var policy: BodyPolicy
        switch admit(request) {
        case .accept(let accepted): policy = accepted
        case .refuse(let response): return refuse(response, head: head, at: now)
        }
        if policy.needsLength, head.framing == .none {
            let problem = Problem(
                .lengthRequired, "This request needs a body: send Content-Length or Transfer-Encoding (RFC 9110, 15.5.12).")
            return refuse(render(problem), head: head, at: now)
        }
        let limit = min(policy.limit ?? limits.body, limits.body)
        if case .length(let count) = head.framing, count > limit {
            let problem = Problem(.contentTooLarge, "The body has \(count) bytes; at most \(limit) are taken here.")
            return refuse(render(problem), head: head, at: now)
        }
        parser.readBody(limit: limit, keeping: true)
        startBody(at: now)
        guard head.expectsContinue, head.framing != .none, head.framing != .length(0), !moreInput else { return [] }
        return [.send(head: ResponseEncoder.continueBytes, body: [])]
    }

    private static let tooManyBytes = Problem(
        .tooManyRequests, "The server holds as many bytes of requests as it may; try again in 1 s.", fields: [.retryAfter: "1"])

    /// A body of this size is skipped rather than the connection closed.
    private static let skippedBody = 65_536

    /// Answers without the handler. A short body that is certain to come is skipped, so that the connection can stay; else it ends.
    private mutating func refuse(_ response: ServerResponse, head: RequestHead, at now: Moment) -> [Action] {
        switch head.framing {
        case .none, .length(0):
            parser.readBody(limit: 0, keeping: false)
            exchange?.refusal = response
            return []
        case .length(let count) where count <= Self.skippedBody && !head.expectsContinue:
            parser.readBody(limit: count, keeping: false)
            exchange?.refusal = response
            startBody(at: now)
            return []
        case .length, .chunked:
            exchange?.keepAlive = false
            return send(response, at: now)
        }
    }

    private mutating func complete(_ body: [UInt8], at now: Moment) -> [Action] {
        guard var exchange, let head = exchange.head else { return [] }
        exchange.requestBytes = body.count
        exchange.timings.lastByte = now.instant
        exchange.head = nil
        exchange.isComplete = true
        self.exchange = exchange
        bodyStart = nil
        if let refusal = exchange.refusal { return send(refusal, at: now) }
        phase = .answering
        deadline = nil
        let request = ServerRequest(
            head: head.request, body: body, id: exchange.id, remoteAddress: remoteAddress, client: exchange.client,
            timings: exchange.timings)
        return [.respond(request)]
    }

    private mutating func startBody(at now: Moment) {
        bodyStart = now.instant
        updateBodyDeadline()
    }

    /// The body's end is due after `bodyTimeout`, and each of its bytes by the slowest rate that is borne.
    private mutating func updateBodyDeadline() {
        guard let bodyStart, parser.isInBody else { return }
        let earned = Duration.seconds(Double(parser.bodyCount) / Double(max(limits.minimumBodyRate, 1)))
        deadline = bodyStart.advanced(by: min(limits.bodyTimeout, limits.bodyGrace + earned))
    }

    // MARK: - Answering

    private func render(_ problem: Problem) -> ServerResponse {
        problems.render(problem, path: exchange?.path.map { $0[...] }, requestID: exchange?.id ?? "")
    }

    /// Tells a problem after which the input cannot be understood any more.
    private mutating func fail(_ problem: Problem, at now: Moment) -> [Action] {
        var exchange = exchange ?? Exchange(id: "", timings: RequestTimings(at: now.instant))
        if exchange.head == nil {
            exchange.id = parser.builder.requestID ?? makeID()
            exchange.method = parser.builder.knownMethod
            exchange.path = parser.builder.knownPath
        }
        exchange.requestBytes = parser.bodyCount
        exchange.keepAlive = false
        self.exchange = exchange
        return send(render(problem), at: now)
    }

    private mutating func send(_ response: ServerResponse, at now: Moment) -> [Action] {
        guard var exchange else { return close() }
        let asksForClose = response.head.headerFields[values: .connection].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { ASCII.equalsIgnoringCase(ASCII.trimmed(ArraySlice($0)), "close") }
        }
        if asksForClose || drainState > .no { exchange.keepAlive = false }
        self.exchange = exchange
        releaseBytes()
        let isHead = exchange.method == .head
        let head = ResponseEncoder.encode(
            response,
            ResponseEncoder.Context(
                requestID: exchange.id, date: HTTPDate.text(unixTime: now.unixTime), isHead: isHead, isHTTP10: exchange.isHTTP10,
                keepAlive: exchange.keepAlive))
        let body = ResponseEncoder.sendsBody(response.head.status, isHead: isHead) ? response.body : []
        phase = .sending
        bodyStart = nil
        let patience = Duration.seconds(Double(head.count + body.count) / Double(max(limits.minimumBodyRate, 1)))
        answerDue = now.instant.advanced(by: limits.writeTimeout + patience)
        deadline = now.instant.advanced(by: limits.writeTimeout)
        return [.send(head: head, body: body), report(exchange, status: response.head.status, bytes: body.count, at: now)]
    }

    private func report(_ exchange: Exchange, status: HTTPResponse.Status, bytes: Int, at now: Moment) -> Action {
        .report(
            RequestRecord(
                id: exchange.id, method: exchange.method, path: exchange.path.map { String($0.prefix { $0 != "?" }) }, status: status,
                requestBytes: exchange.requestBytes, responseBytes: bytes,
                receiving: exchange.isComplete ? exchange.timings.lastByte - exchange.timings.firstByte : .zero,
                duration: now.instant - exchange.timings.firstByte, remoteAddress: remoteAddress, trace: exchange.trace))
    }

    private mutating func close() -> [Action] {
        if case .closed = phase { return [] }
        phase = .closed
        deadline = nil
        backlog = []
        exchange = nil
        releaseBytes()
        return [.close]
    }

    private mutating func releaseBytes() {
        bodies.release(heldBytes)
        heldBytes = 0
    }
}
