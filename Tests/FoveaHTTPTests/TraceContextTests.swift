import FoveaHTTPTesting
import HTTPTypes
import Synchronization
import Testing

@testable import FoveaHTTP

@Suite struct TraceContextTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func context(_ values: String...) -> TraceContext? {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .traceParent, value: value)) }
        return TraceContext(fields)
    }

    @Test func aContextIsReadInItsParts() throws {
        let found = try #require(context(Self.good))
        #expect(found.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(found.parentID == "00f067aa0ba902b7")
    }

    @Test func aLaterVersionMayHaveMore() {
        #expect(context("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what") != nil)
        #expect(context("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") != nil)
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01what", "0-04bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
    ])
    func whatBreaksTheRulesIsNone(_ value: String) {
        #expect(context(value) == nil)
    }

    @Test func twoContextsAreNone() {
        #expect(context(Self.good, Self.good) == nil)
        #expect(context() == nil)
    }

    @Test func theRecordOfARequestHasItsTraceAndTimes() throws {
        var state = ConnectionState(limits: .patient, at: .now) { _ in .accept(.optional) }
        let head = "POST /a?token=secret HTTP/1.1\r\nHost: t\r\ntraceparent: \(Self.good)\r\nContent-Length: 2\r\n\r\n"
        let start = Moment.now
        let later = Moment(instant: start.instant.advanced(by: .seconds(2)), unixTime: start.unixTime)
        _ = state.received(Array(head.utf8)[...], at: start)
        _ = state.received(Array("hi".utf8)[...], at: later)
        let actions = state.answered(ServerResponse(text: "done"), at: later)
        let record = try #require(actions.lazy.compactMap { if case .report(let record) = $0 { record } else { nil } }.first)
        #expect(record.trace?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(record.path == "/a", "a query may hold what no log should")
        #expect(record.receiving == .seconds(2) && record.duration == .seconds(2))
        #expect(record.requestBytes == 2 && record.responseBytes == 4)
    }
}
