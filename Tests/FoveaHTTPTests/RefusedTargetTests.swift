import FoveaHTTP
import Testing

/// What a refused request line asked for is logged, and has the form of its path's errors.
@Suite struct RefusedTargetTests {
    private func answer(_ request: String) -> (status: Int, path: String?, isInference: Bool)? {
        var problems = ProblemRenderer()
        problems.use({ problem, _ in ServerResponse(status: problem.status, text: "inference") }, below: "/v2")
        let now = Moment(instant: .now, unixTime: 0)
        var state = ConnectionState(limits: HTTPLimits(), problems: problems, at: now) { _ in .accept(.optional) }
        let actions = state.received(Array(request.utf8)[...], at: now)
        let body = actions.compactMap { if case .send(_, let body) = $0 { body } else { nil } }.first
        let record = actions.compactMap { if case .report(let record) = $0 { record } else { nil } }.first
        return record.map { ($0.status.code, $0.path, body.map { String(decoding: $0, as: UTF8.self) } == "inference") }
    }

    @Test(arguments: [
        ("GET /v2/%zz HTTP/1.1\r\n", 400, "/v2/%zz"), ("GET /v2/../x HTTP/1.1\r\n", 400, "/v2/../x"),
        ("GET /v2/models HTTP/2.0\r\n", 505, "/v2/models"), ("GET /v2 models HTTP/1.1\r\n", 400, "/v2"),
        ("GET /v2/" + String(repeating: "a", count: 20_000), 414, "/v2/" + String(repeating: "a", count: 252)),
    ])
    func hasTheFormOfItsPath(_ request: String, _ status: Int, _ path: String) throws {
        let refusal = try #require(answer(request))
        #expect(refusal.status == status && refusal.path == path && refusal.isInference)
    }

    @Test(arguments: ["GET /%zz?token=1 HTTP/1.1\r\n", "GET /%zz\u{7f}\" HTTP/1.1\r\n"])
    func neitherQueriesNorOddBytesAreTold(_ request: String) throws {
        let refusal = try #require(answer(request))
        #expect(refusal.status == 400 && (refusal.path == "/%zz" || refusal.path == nil) && !refusal.isInference)
    }

    @Test(arguments: ["GET v2/models HTTP/1.1\r\n", "GET\r\n", "\u{1}\r\n", "GET  HTTP/1.1\r\n"])
    func whatIsNoPathIsNotTold(_ request: String) throws {
        #expect(try #require(answer(request)).path == nil)
    }
}
