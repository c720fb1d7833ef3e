import FoveaSystem
import HTTPTypes

/// How a connection answers, and how it ends.
extension ConnectionState {
    func render(_ problem: Problem) -> ServerResponse {
        problems.render(problem, path: exchange?.path.map { $0[...] }, requestID: exchange?.id ?? "")
    }

    /// Tells a problem after which the input cannot be understood any more.
    mutating func fail(_ problem: Problem, at now: Moment) -> [Action] {
        if exchange == nil { exchange = Exchange(timings: RequestTimings(at: now.instant)) }
        identify()
        exchange?.keepAlive = false
        return send(render(problem), at: now)
    }

    /// Notes what is known of a request that is not read whole.
    mutating func identify() {
        if exchange?.head == nil {
            let id = parser.builder.requestID ?? makeID()
            exchange?.id = id
            exchange?.method = parser.builder.knownMethod
            exchange?.path = parser.builder.knownPath
        }
        exchange?.requestBytes = parser.bodyCount
    }

    mutating func send(_ response: ServerResponse, at now: Moment) -> [Action] {
        guard exchange != nil else { return close() }
        var response = response
        // Short answers are not counted: that there is no room is one.
        if response.body.count > Self.shortAnswer {
            if let taken = answers.reserveEvenAlone(response.body.count, isLarge: response.body.count > Self.largeMessage) {
                heldAnswer = taken
            } else {
                response = render(Self.tooManyAnswerBytes)
            }
        }
        let asksForClose = response.head.headerFields[values: .connection].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { ASCII.equalsIgnoringCase(ASCII.trimmed(ArraySlice($0)), "close") }
        }
        if asksForClose || drainState > .no { exchange?.keepAlive = false }
        releaseBytes()
        guard let exchange else { return close() }
        exchange.client.releaseBytes()
        let isHead = exchange.method == .head
        let head = ResponseEncoder.encode(
            response,
            ResponseEncoder.Context(
                requestID: exchange.id, date: HTTPDate.current(unixTime: now.unixTime), isHead: isHead, isHTTP10: exchange.isHTTP10,
                keepAlive: exchange.keepAlive))
        let body = ResponseEncoder.sendsBody(response.head.status, isHead: isHead) ? response.body : []
        phase = .sending
        isRefused = false
        bodyStart = nil
        answerDue = now.instant.advanced(by: limits.writeTimeout + min(limits.time(of: head.count + body.count), limits.answerTimeout))
        deadline = now.instant.advanced(by: limits.writeTimeout)
        return [.send(head: head, body: body), report(exchange, status: response.head.status, bytes: body.count, at: now)]
    }

    /// Changes nothing; a method that is not mutating would be handed a copy of the whole value.
    mutating func report(_ exchange: Exchange, status: HTTPResponse.Status, bytes: Int, at now: Moment) -> Action {
        let path = exchange.path.map { String($0[..<($0.utf8.firstIndex(of: UInt8(ascii: "?")) ?? $0.endIndex)]) }
        return .report(
            RequestRecord(
                id: exchange.id, method: exchange.method, path: path, status: status,
                requestBytes: exchange.requestBytes, responseBytes: bytes,
                receiving: exchange.isComplete ? exchange.timings.lastByte - exchange.timings.firstByte : .zero,
                duration: now.instant - exchange.timings.firstByte, remoteAddress: remoteAddress, trace: exchange.trace,
                note: exchange.client.note))
    }

    mutating func close() -> [Action] {
        if case .closed = phase { return [] }
        phase = .closed
        deadline = nil
        backlog = []
        exchange = nil
        releaseBytes()
        releaseAnswer()
        return [.close]
    }

    /// The answer was handed to the system, or nobody will read it.
    mutating func releaseAnswer() {
        answers.release(heldAnswer)
        heldAnswer = 0
    }

    private static let shortAnswer = 16_384

    /// Few photographs and maps as they are sent by default are larger.
    static let largeMessage = 4 << 20

    private static let tooManyAnswerBytes = Problem(
        .tooManyRequests, "Answers that other clients have not read yet take all the memory that there is for them; try again in 1 s.",
        fields: [.retryAfter: "1"])

    mutating func releaseBytes() {
        bodies.release(heldBytes)
        heldBytes = 0
    }
}
