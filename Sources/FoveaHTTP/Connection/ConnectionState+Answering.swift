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
        if exchange?.head == nil {
            let id = parser.builder.requestID ?? makeID()
            exchange?.id = id
            exchange?.method = parser.builder.knownMethod
            exchange?.path = parser.builder.knownPath
        }
        exchange?.requestBytes = parser.bodyCount
        exchange?.keepAlive = false
        return send(render(problem), at: now)
    }

    mutating func send(_ response: ServerResponse, at now: Moment) -> [Action] {
        guard exchange != nil else { return close() }
        let asksForClose = response.head.headerFields[values: .connection].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { ASCII.equalsIgnoringCase(ASCII.trimmed(ArraySlice($0)), "close") }
        }
        if asksForClose || drainState > .no { exchange?.keepAlive = false }
        releaseBytes()
        guard let exchange else { return close() }
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
        let patience = Duration.seconds(Double(head.count + body.count) / Double(max(limits.minimumBodyRate, 1)))
        answerDue = now.instant.advanced(by: limits.writeTimeout + patience)
        deadline = now.instant.advanced(by: limits.writeTimeout)
        return [.send(head: head, body: body), report(exchange, status: response.head.status, bytes: body.count, at: now)]
    }

    func report(_ exchange: Exchange, status: HTTPResponse.Status, bytes: Int, at now: Moment) -> Action {
        let path = exchange.path.map { String($0[..<($0.utf8.firstIndex(of: UInt8(ascii: "?")) ?? $0.endIndex)]) }
        return .report(
            RequestRecord(
                id: exchange.id, method: exchange.method, path: path, status: status,
                requestBytes: exchange.requestBytes, responseBytes: bytes,
                receiving: exchange.isComplete ? exchange.timings.lastByte - exchange.timings.firstByte : .zero,
                duration: now.instant - exchange.timings.firstByte, remoteAddress: remoteAddress, trace: exchange.trace))
    }

    mutating func close() -> [Action] {
        if case .closed = phase { return [] }
        phase = .closed
        deadline = nil
        backlog = []
        exchange = nil
        releaseBytes()
        return [.close]
    }

    mutating func releaseBytes() {
        bodies.release(heldBytes)
        heldBytes = 0
    }
}
