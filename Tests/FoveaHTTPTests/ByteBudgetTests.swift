import FoveaHTTP
import HTTPTypes
import Testing

@Suite struct ByteBudgetTests {
    private let budget = ByteBudget(limit: 10)
    private let start = Moment.now

    private func connection() -> ConnectionState {
        ConnectionState(limits: HTTPLimits(), bodies: budget, at: start) { _ in .accept(.optional) }
    }

    private func send(_ text: String, to state: inout ConnectionState) -> [ConnectionState.Action] {
        state.received(Array(text.utf8)[...], at: start)
    }

    private func status(_ actions: [ConnectionState.Action]) -> Int? {
        actions.lazy.compactMap { if case .report(let record) = $0 { record.status.code } else { nil } }.first
    }

    private let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"

    @Test func bytesAreHeldUntilTheAnswer() {
        var first = connection()
        _ = send(head + "abc", to: &first)
        #expect(budget.used == 3, "a promise costs nothing, what came does")
        _ = send("def", to: &first)
        #expect(budget.used == 6)
        _ = first.answered(ServerResponse(text: "ok"), at: start)
        #expect(budget.used == 0)
    }

    @Test func whoeverComesTooManyIsRefusedAndTheOthersGoOn() {
        var (first, second) = (connection(), connection())
        _ = send(head + "abcdef", to: &first)
        let actions = send(head + "abcdef", to: &second)
        #expect(status(actions) == 429)
        guard case .send(let bytes, _)? = actions.first else {
            Issue.record("there is no answer")
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("Retry-After: 1") && text.contains("Connection: close"))
        #expect(budget.used == 6)
        #expect(status(first.answered(ServerResponse(text: "ok"), at: start)) == 200)
        #expect(budget.used == 0)
    }

    @Test func chunkedBodiesCountWithTheirFraming() {
        var state = connection()
        _ = send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", to: &state)
        #expect(status(send("6\r\nabcdef\r\n", to: &state)) == 429)
        #expect(budget.used == 0)
    }

    @Test func aConnectionThatIsLostGivesItsBytesBackOnceNobodyHasThem() {
        var (reading, answering) = (connection(), connection())
        _ = send(head + "abc", to: &reading)
        var request = request(send(head + "abcdef", to: &answering))
        #expect(budget.used == 9)
        _ = reading.lost(at: start)
        _ = answering.lost(at: start)
        #expect(request?.body.count == 6)
        #expect(budget.used == 6, "the handler still has the body")
        request = nil
        #expect(budget.used == 0)
    }

    private func request(_ actions: [ConnectionState.Action]) -> ServerRequest? {
        actions.lazy.compactMap { if case .respond(let request) = $0 { request } else { nil } }.first
    }

    @Test func whatDoesNotFitIsNeverHeld() async {
        let budget = ByteBudget(limit: 100)
        #expect(budget.reserve(90))
        let refusing = Task.detached { (0..<200_000).count { _ in budget.reserve(50) } }
        var fitted = 0
        for _ in 0..<200_000 where budget.reserve(10) {
            fitted += 1
            budget.release(10)
        }
        #expect(await refusing.value == 0)
        #expect(fitted == 200_000)
        #expect(budget.reserve(10) && budget.reserve(0), "nothing always fits")
    }

    @Test func onlyTheBodyCounts() {
        var state = connection()
        #expect(budget.reserve(10))
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(request(send(get + get, to: &state)) != nil, "the second request is no body of the first")
        budget.release(10)
    }

    @Test func largeOnesLeaveRoomForOthers() {
        let budget = ByteBudget(limit: 100)
        #expect(budget.reserve(75, isLarge: true))
        #expect(!budget.reserve(1, isLarge: true))
        #expect(budget.reserve(25))
        #expect(!budget.reserve(1))
        budget.release(100)
        #expect(budget.reserveEvenAlone(500, isLarge: true) == 75, "alone, it takes as much as large ones may")
        #expect(budget.reserveEvenAlone(25, isLarge: false) == 25)
        #expect(budget.reserveEvenAlone(1, isLarge: false) == nil)
        budget.release(100)
        #expect(budget.reserveEvenAlone(500, isLarge: false) == 100)
        budget.release(100)
        #expect(budget.used == 0)
    }

    @Test func aLargeBodyFitsAlone() {
        let megabyte = String(repeating: "x", count: 1 << 20)
        let bodies = ByteBudget(limit: 10 << 20)
        var state = ConnectionState(limits: HTTPLimits(), bodies: bodies, at: start) { _ in .accept(.optional) }
        _ = send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(10 << 20)\r\n\r\n", to: &state)
        var actions: [ConnectionState.Action] = []
        for _ in 0..<10 { actions = send(megabyte, to: &state) }
        #expect(request(actions)?.body.count == 10 << 20)
    }

    @Test func aLargeBodyLeavesRoomForOthers() {
        let megabyte = String(repeating: "x", count: 1 << 20)
        let bodies = ByteBudget(limit: 10 << 20)
        func reading() -> ConnectionState {
            var state = ConnectionState(limits: HTTPLimits(), bodies: bodies, at: start) { _ in .accept(.optional) }
            _ = send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(20 << 20)\r\n\r\n", to: &state)
            return state
        }
        var (large, small) = (reading(), reading())
        _ = send("x", to: &small)
        var taken = 0
        while status(send(megabyte, to: &large)) == nil, taken < 20 { taken += 1 }
        #expect(taken == 7)
        #expect(bodies.used == 1)
        var another = reading()
        for _ in 0..<7 { _ = send(megabyte, to: &another) }
        #expect(status(send(megabyte, to: &small)) == nil, "what is not large yet has the rest")
    }

    @Test func longAnswersAreHeldUntilTheyAreSent() {
        let answers = ByteBudget(limit: 150_000)
        func asking() -> ConnectionState {
            var state = ConnectionState(limits: HTTPLimits(), answers: answers, at: start) { _ in .accept(.optional) }
            _ = send("GET / HTTP/1.1\r\nHost: a\r\n\r\n", to: &state)
            return state
        }
        let long = ServerResponse(status: .ok, body: [UInt8](repeating: 0, count: 100_000))
        var (first, second, third, fourth) = (asking(), asking(), asking(), asking())
        #expect(status(first.answered(long, at: start)) == 200)
        #expect(answers.used == 100_000)
        let refusal = second.answered(long, at: start)
        #expect(status(refusal) == 429)
        guard case .send(let head, let body)? = refusal.first else {
            Issue.record("there is no answer")
            return
        }
        #expect(String(decoding: head, as: UTF8.self).contains("Retry-After: 1"))
        #expect(!String(decoding: head, as: UTF8.self).contains("Connection: close"), "what follows is read as ever")
        #expect(body.count < 1_000)
        #expect(status(third.answered(ServerResponse(text: "short"), at: start)) == 200)
        _ = first.flushed(at: start)
        #expect(answers.used == 0)
        #expect(status(fourth.answered(long, at: start)) == 200)
        var fifth = asking()
        #expect(status(fifth.answered(ServerResponse(status: .ok, body: [UInt8](repeating: 0, count: 200_000)), at: start)) == 429)
        _ = fourth.lost(at: start)
        #expect(answers.used == 0, "nobody reads it any more")
        var sixth = asking()
        let longer = ServerResponse(status: .ok, body: [UInt8](repeating: 0, count: 200_000))
        #expect(status(sixth.answered(longer, at: start)) == 200, "alone, what is larger than the limit is sent too")
    }

    @Test func bodiesThatAreSkippedAreNotHeld() {
        var state = ConnectionState(limits: HTTPLimits(), bodies: budget, at: start) { _ in
            .refuse(ServerResponse(status: .tooManyRequests))
        }
        _ = send(head + "abc", to: &state)
        #expect(budget.used == 0)
    }
}
