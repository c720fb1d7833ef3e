import HTTPTypes

/// How a connection takes requests in.
extension ConnectionState {
    mutating func read(_ bytes: ArraySlice<UInt8>, at now: Moment) -> [Action] {
        var input = bytes
        var actions: [Action] = []
        reading: while case .reading = phase {
            let (wasIdle, idleDeadline) = (parser.isIdle, deadline)
            if wasIdle, input.isEmpty { break }
            if wasIdle {
                exchange = Exchange(timings: RequestTimings(at: now.instant))
                deadline = now.instant.advanced(by: limits.headerTimeout)
            }
            if parser.isInBody, !isRefused {
                let count = parser.mostBodyBytes(of: input.count)
                guard bodies.reserve(count, isLarge: isCrowding) else {
                    actions += fail(Self.tooManyBytes, at: now)
                    break
                }
                heldBytes += count
            }
            switch parser.next(&input) {
            case .more:
                // Empty lines begin no request (RFC 9112, 2.2).
                if wasIdle, parser.isIdle { (exchange, deadline) = (nil, idleDeadline) }
                break reading
            case .head(let head): actions += begin(head, moreInput: !input.isEmpty, at: now)
            case .body(let body): actions += complete(body, at: now)
            case .failure(let problem): actions += fail(problem, at: now)
            }
        }
        switch phase {
        case .reading: updateBodyDeadline(at: now)
        case .answering, .sending: if exchange?.keepAlive == true, !input.isEmpty { backlog = input }
        default: break
        }
        return actions
    }

    /// Decides about a head: whether the body is read, and whether the client waits to be told so.
    mutating func begin(_ head: RequestHead, moreInput: Bool, at now: Moment) -> [Action] {
        let id = head.requestID ?? makeID()
        let client = exchange?.client ?? ClientConnection()
        var timings = exchange?.timings ?? RequestTimings(at: now.instant)
        timings.head = now.instant
        exchange = Exchange(
            id: id, method: head.request.method, path: head.request.path, isHTTP10: head.isHTTP10, keepAlive: head.keepAlive,
            timings: timings, client: client, head: head, trace: TraceContext(head.request.headerFields))
        let request = ServerRequest(head: head.request, id: id, remoteAddress: remoteAddress, client: client, timings: timings)

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
    mutating func refuse(_ response: ServerResponse, head: RequestHead, at now: Moment) -> [Action] {
        switch head.framing {
        case .none, .length(0):
            parser.readBody(limit: 0, keeping: false)
            exchange?.refusal = response
            isRefused = true
            return []
        case .length(let count) where count <= Self.skippedBody && !head.expectsContinue:
            parser.readBody(limit: count, keeping: false)
            exchange?.refusal = response
            isRefused = true
            startBody(at: now)
            return []
        case .length, .chunked:
            exchange?.keepAlive = false
            return send(response, at: now)
        }
    }

    mutating func complete(_ body: [UInt8], at now: Moment) -> [Action] {
        guard let head = exchange?.head else { return [] }
        exchange?.requestBytes = body.count
        exchange?.timings.lastByte = now.instant
        exchange?.head = nil
        exchange?.isComplete = true
        bodyStart = nil
        if let refusal = exchange?.refusal { return send(refusal, at: now) }
        phase = .answering
        deadline = nil
        guard let exchange else { return [] }
        exchange.client.hold(heldBytes, of: bodies)
        heldBytes = 0
        let request = ServerRequest(
            head: head.request, body: body, id: exchange.id, remoteAddress: remoteAddress, client: exchange.client,
            timings: exchange.timings)
        return [.respond(request)]
    }

    mutating func startBody(at now: Moment) {
        bodyStart = now.instant
        updateBodyDeadline(at: now)
    }

    /// Whether this body takes much of what others want too.
    private var isCrowding: Bool { heldBytes > Self.largeMessage && bodies.used > heldBytes }

    /// The body's end is due after `bodyTimeout`, and each of its bytes by the slowest rate that is borne; bytes that came early earn no more than
    /// `bodyIdleTimeout` of silence.
    mutating func updateBodyDeadline(at now: Moment) {
        guard let bodyStart, parser.isInBody else { return }
        let due = bodyStart.advanced(by: min(limits.bodyTimeout, limits.bodyGrace + limits.time(of: parser.bodyCount)))
        deadline = min(due, now.instant.advanced(by: limits.bodyIdleTimeout))
    }
}
