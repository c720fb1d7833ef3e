import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Testing

/// Bodies of refused requests, which are thrown away unseen.
@Suite struct SkippedBodyTests {
    private let now = Moment.now

    private func state() -> ConnectionState {
        ConnectionState(limits: HTTPLimits(), at: now) { request in
            request.path == "/busy" ? .refuse(ServerResponse(status: .tooManyRequests, text: "later")) : .accept(.optional)
        }
    }

    private func head(_ path: String, _ count: Int) -> String {
        "POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: \(count)\r\n\r\n"
    }

    private func statuses(_ actions: [ConnectionState.Action]) -> [Int] {
        actions.compactMap { if case .report(let record) = $0 { record.status.code } else { nil } }
    }

    @Test func aRefusedBodyIsSkippedWhereverItIsCut() {
        for read in [0, 1, 9] {
            var state = state()
            let bytes = Array((head("/busy", 10) + String(repeating: "x", count: read)).utf8)
            #expect(statuses(state.received(bytes[...], at: now)).isEmpty)
            #expect(state.skippable == 10 - read)
            #expect(statuses(state.skipped(10 - read - 1, at: now)).isEmpty)
            #expect(state.skippable == 1)
            #expect(statuses(state.skipped(1, at: now)) == [429])
            #expect(state.skippable == 0)
            #expect(statuses(state.flushed(at: now)).isEmpty)
            #expect(state.isIdle)
        }
    }

    @Test func nothingElseIsSkipped() {
        var state = state()
        #expect(state.skippable == 0)
        _ = state.received(Array("POST /busy HT".utf8)[...], at: now)
        #expect(state.skippable == 0, "a head is read")
        var accepted = self.state()
        _ = accepted.received(Array((head("/wanted", 4) + "ab").utf8)[...], at: now)
        #expect(accepted.skippable == 0, "a body that is wanted is read")
        #expect(accepted.skipped(2, at: now).isEmpty)
        var refused = self.state()
        _ = refused.received(Array(head("/busy", 4).utf8)[...], at: now)
        #expect(refused.skipped(5, at: now).isEmpty, "more than there is")
        #expect(refused.skippable == 4)
    }

    @Test func aRefusedBodyThatStaysAwayIs408() {
        var state = state()
        _ = state.received(Array(head("/busy", 40_000).utf8)[...], at: now)
        _ = state.skipped(10_000, at: now)
        #expect(state.timePassed(at: now.advanced(by: .seconds(5))).isEmpty, "what was skipped earns time as what is read")
        #expect(statuses(state.timePassed(at: now.advanced(by: .seconds(60)))) == [408])
    }

    /// After a refusal heads are read alone: what follows must be taken whole nevertheless, refused or not.
    @Test(arguments: TestTransport.allCases)
    func requestsBehindRefusalsAreReadWhole(_ transport: TestTransport) async throws {
        let handler = EchoHandler { request in
            request.path == "/busy" ? .refuse(ServerResponse(status: .tooManyRequests, text: "later")) : .accept(.optional)
        }
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            for count in [0, 3, 900, 1_024, 5_000, 60_000] {
                let body = String(repeating: "y", count: count)
                for _ in 0..<2 {
                    try await connection.send(head("/busy", count) + body)
                    #expect(try await connection.response()?.status == 429)
                }
                try await connection.send(head("/a", count) + body)
                #expect(try await connection.response()?.text == "POST /a \(body)")
                // Pipelined, so that one look holds all three.
                try await connection.send(head("/busy", count) + body + head("/a", count) + body + head("/busy", count) + body)
                #expect(try await connection.response()?.status == 429)
                #expect(try await connection.response()?.text == "POST /a \(body)")
                #expect(try await connection.response()?.status == 429)
            }
            // A client that promises a body and leaves.
            try await connection.send(head("/busy", 50_000) + "half")
            await connection.stream.endSending()
            #expect(try await connection.response()?.status == 400)
            #expect(try await connection.response() == nil)
        }
    }
}
