import FoveaHTTP
import Testing

/// Time-outs and the drain, on a clock that the test turns.
@Suite struct TimeoutTests {
    private var now = Moment(instant: .now, unixTime: 0)
    private var state: ConnectionState
    private let limits = HTTPLimits()

    init() {
        state = ConnectionState(limits: limits, at: now) { _ in .accept(.optional) }
    }

    private mutating func send(_ text: String) -> [ConnectionState.Action] {
        state.received(Array(text.utf8)[...], at: now)
    }

    private mutating func wait(_ duration: Duration) -> [ConnectionState.Action] {
        now = now.advanced(by: duration)
        return state.timePassed(at: now)
    }

    /// The statuses of the answers among actions.
    private func statuses(_ actions: [ConnectionState.Action]) -> [Int] {
        actions.compactMap { if case .report(let record) = $0 { record.status.code } else { nil } }
    }

    private func closes(_ actions: [ConnectionState.Action]) -> Bool {
        actions.contains { if case .close = $0 { true } else { false } }
    }

    private mutating func answerOneRequest() {
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = state.answered(ServerResponse(status: .ok), at: now)
        _ = state.flushed(at: now)
    }

    @Test mutating func silentConnectionsAreClosedWithoutAWord() {
        #expect(wait(limits.headerTimeout - .milliseconds(1)).isEmpty)
        let actions = wait(.milliseconds(1))
        #expect(closes(actions))
        #expect(statuses(actions).isEmpty)
        #expect(state.isClosed)
    }

    @Test mutating func idleConnectionsAreClosedWithoutAWord() {
        answerOneRequest()
        #expect(state.isIdle)
        #expect(wait(limits.idleTimeout - .milliseconds(1)).isEmpty)
        #expect(closes(wait(.milliseconds(1))))
    }

    @Test mutating func emptyLinesBeginNoRequest() {
        answerOneRequest()
        #expect(wait(.seconds(5)).isEmpty)
        #expect(send("\r\n").isEmpty)
        #expect(state.isIdle)
        #expect(wait(limits.headerTimeout).isEmpty)
        // Half a line end may be the beginning of anything.
        #expect(send("\r").isEmpty)
        #expect(!state.isIdle)
        #expect(send("\n").isEmpty)
        #expect(closes(wait(limits.idleTimeout - limits.headerTimeout - .seconds(5))))
    }

    @Test mutating func anEndBehindAnEmptyLineIsTheEnd() {
        answerOneRequest()
        _ = send("\r\n")
        let actions = state.receivedEnd(at: now)
        #expect(closes(actions) && statuses(actions).isEmpty)
    }

    @Test mutating func theClientIsWatchedDuringEachPipelinedRequest() {
        func watches(_ actions: [ConnectionState.Action]) -> Bool {
            actions.contains { if case .watchPeer = $0 { true } else { false } }
        }
        let get = "GET / HTTP/1.1\r\nHost: t\r\n\r\n"
        _ = send(get + get)
        #expect(watches(state.receivedEnd(at: now)))
        _ = state.answered(ServerResponse(status: .ok), at: now)
        #expect(watches(state.flushed(at: now)))
        _ = state.answered(ServerResponse(status: .ok), at: now)
        #expect(closes(state.flushed(at: now)))
    }

    @Test mutating func timeThatIsPostponedIsNotTheClients() {
        now = now.advanced(by: .seconds(60))
        state.postpone(by: .seconds(60))
        #expect(wait(limits.headerTimeout - .milliseconds(1)).isEmpty)
        #expect(statuses(send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\n")).isEmpty)
        now = now.advanced(by: .seconds(60))
        state.postpone(by: .seconds(60))
        #expect(wait(limits.bodyGrace - .milliseconds(1)).isEmpty)
        // What comes counts from the postponed start.
        #expect(statuses(send("x")).isEmpty)
        #expect(statuses(wait(.seconds(1))) == [408])
    }

    @Test mutating func slowHeadersAre408() {
        // A byte each second does not help: the deadline is the whole head's.
        for byte in "GET / HTT" {
            #expect(statuses(send(String(byte))).isEmpty)
            #expect(wait(.seconds(1)).isEmpty)
        }
        let actions = wait(.seconds(1))
        #expect(statuses(actions) == [408])
        // The answer goes out, the end is shown, and then the rest is thrown away for a while.
        let flushed = state.flushed(at: now)
        #expect(flushed.contains { if case .endSending = $0 { true } else { false } })
        #expect(send("P/1.1\r\n").isEmpty)
        #expect(closes(wait(limits.lingerIdleTimeout)))
    }

    @Test mutating func theHeaderDeadlineStartsWithTheRequest() {
        answerOneRequest()
        #expect(wait(.seconds(60)).isEmpty)
        _ = send("G")
        #expect(wait(limits.headerTimeout - .milliseconds(1)).isEmpty)
        #expect(statuses(wait(.milliseconds(1))) == [408])
    }

    @Test mutating func slowBodiesAre408() {
        _ = send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n")
        // At exactly the slowest rate it may go on, up to the whole body's deadline.
        let chunk = String(repeating: "x", count: limits.minimumRate)
        for _ in 0..<30 {
            #expect(wait(.seconds(1)).isEmpty)
            #expect(statuses(send(chunk)).isEmpty)
        }
        #expect(wait(limits.bodyGrace - .milliseconds(1)).isEmpty)
        #expect(statuses(wait(.milliseconds(1))) == [408])
    }

    @Test mutating func aBodyThatCameFastMayNotPauseForLong() {
        _ = send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 60000000\r\n\r\n")
        for _ in 0..<100 { _ = send(String(repeating: "x", count: 500_000)) }
        #expect(wait(limits.bodyIdleTimeout - .milliseconds(1)).isEmpty)
        #expect(statuses(wait(.milliseconds(1))) == [408])
    }

    @Test mutating func bodiesHaveADeadlineHoweverFastTheyCome() {
        _ = send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 60000000\r\n\r\n")
        for _ in 0..<119 {
            _ = send(String(repeating: "x", count: 2_000))
            #expect(wait(.seconds(1)).isEmpty)
        }
        #expect(statuses(wait(.seconds(1))) == [408])
    }

    @Test mutating func handlersMayTakeTheirTime() {
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(state.deadline == nil)
        #expect(wait(.seconds(3_600)).isEmpty)
        #expect(statuses(state.answered(ServerResponse(status: .ok), at: now)) == [200])
    }

    /// An answer of a minute's worth at the slowest rate.
    private mutating func answerMuch() {
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        let body = [UInt8](repeating: 0, count: 60 * limits.minimumRate)
        _ = state.answered(ServerResponse(status: .ok, body: body), at: now)
    }

    @Test mutating func answersThatAreTakenByDripsAreCut() {
        answerMuch()
        // Twenty times slower than the slowest rate: each ten seconds earn half a one.
        for _ in 0..<3 {
            #expect(wait(.seconds(10) - .milliseconds(1)).isEmpty)
            state.progressed(limits.minimumRate / 2, at: now)
        }
        #expect(closes(wait(.seconds(2))), "thirty seconds, and what was earned")
    }

    @Test mutating func answersThatAreTakenAtTheSlowestRateAreNotCut() {
        answerMuch()
        for _ in 0..<60 {
            #expect(wait(.seconds(1)).isEmpty)
            state.progressed(limits.minimumRate, at: now)
        }
        #expect(wait(limits.writeTimeout - .milliseconds(1)).isEmpty)
        #expect(closes(wait(.milliseconds(1))), "thirty seconds, and a minute for what it weighs")
    }

    @Test mutating func answersThatNobodyTakesAreCut() {
        answerMuch()
        #expect(wait(limits.writeTimeout - .seconds(1)).isEmpty)
        state.progressed(60 * limits.minimumRate, at: now)
        #expect(wait(limits.writeTimeout - .seconds(1)).isEmpty)
        #expect(closes(wait(.seconds(1))))
    }

    @Test mutating func whatComesAfterAnEarlyAnswerIsThrownAwayWithinBounds() {
        _ = send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\r\n")
        _ = state.flushed(at: now)
        let block = [UInt8](repeating: 0, count: 1 << 20)
        var thrown = 0
        while !state.isClosed, thrown < 1 << 30 {
            _ = state.received(block[...], at: now)
            thrown += block.count
        }
        #expect(thrown == limits.lingerBytes)
    }

    @Test mutating func lingeringEndsHoweverSteadilyBytesCome() {
        _ = send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\r\n")
        _ = state.flushed(at: now)
        var waited = 0
        while !state.isClosed, waited < 100 {
            _ = send("x")
            _ = wait(.seconds(1))
            waited += 1
        }
        #expect(waited == 30)
    }

    @Test mutating func inputStopsWhileARequestIsAnswered() {
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(state.wantsInput)
        _ = send(String(repeating: "x", count: limits.pipelined))
        #expect(!state.wantsInput)
    }

    @Test mutating func drainingEndsConnectionsOneAnswerLater() {
        answerOneRequest()
        state.drain(.announced, at: now)
        #expect(wait(.seconds(1)).isEmpty)
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        _ = state.answered(ServerResponse(status: .ok), at: now)
        #expect(!state.isIdle)
        #expect(state.flushed(at: now).contains { if case .endSending = $0 { true } else { false } })
    }

    @Test mutating func closingEndsIdleConnectionsSoonButServesARequestOnItsWay() {
        answerOneRequest()
        var other = self
        state.drain(.closing, at: now)
        #expect(closes(wait(limits.drainIdleTimeout)))
        other.state.drain(.closing, at: other.now)
        _ = other.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(statuses(other.wait(.seconds(5))).isEmpty)
        #expect(other.statuses(other.state.answered(ServerResponse(status: .ok), at: other.now)) == [200])
    }

    @Test mutating func aClientThatLeftIsReported() {
        _ = send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        let watching = state.receivedEnd(at: now)
        #expect(watching.contains { if case .watchPeer = $0 { true } else { false } })
        let actions = state.lost(at: now)
        #expect(actions.contains { if case .abandon = $0 { true } else { false } })
        #expect(statuses(actions) == [499])
        #expect(closes(actions))
        // A handler that answers all the same is not heard.
        #expect(state.answered(ServerResponse(status: .ok), at: now).isEmpty)
    }

    @Test(arguments: [
        ("POST /upload HTTP/1.1\r\nHost: t\r\nX-Request-Id: gone\r\nContent-Length: 9\r\n\r\nhalf", 4),
        ("POST /upload HTTP/1.1\r\nX-Request-Id: gone\r\n", 0),
    ])
    mutating func aClientThatLeavesBeforeItsRequestIsWholeIsReported(_ part: String, _ bytes: Int) {
        #expect(statuses(send(part)).isEmpty)
        let actions = state.lost(at: now)
        let records = actions.compactMap { if case .report(let record) = $0 { record } else { nil } }
        #expect(records.map(\.status.code) == [499] && closes(actions))
        #expect(records.first?.path == "/upload" && records.first?.id == "gone" && records.first?.requestBytes == bytes)
        #expect(statuses(state.lost(at: now)).isEmpty)
    }

    @Test mutating func aConnectionThatBreaksBetweenRequestsIsNot() {
        #expect(statuses(state.lost(at: now)).isEmpty)
        self = Self()
        answerOneRequest()
        #expect(statuses(state.lost(at: now)).isEmpty)
    }
}
