import FoveaHTTP
import Testing

@Suite struct ProblemTests {
    @Test func isAProblemDocument() {
        let response = Problem(.notFound, "No \"cat\"\n\u{1}\\ä", type: "https://e/x", title: "Gone").response(requestID: "r")
        #expect(response.head.status == .notFound)
        #expect(response.head.headerFields[.contentType] == "application/problem+json")
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"type":"https://e/x","title":"Gone","status":404,"detail":"No \"cat\"\n\u0001\\ä","request_id":"r"}"#)
    }

    @Test func aClientThatLeftHasNginxsNumberAndWords() {
        let problem = Problem(.clientClosedRequest, "x")
        #expect(problem.status.code == 499 && problem.title == "Client Closed Request")
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func datesAreHTTPs(_ time: Int, _ text: String) {
        #expect(HTTPDate.text(unixTime: time) == text)
    }

    @Test func theLongestPrefixGivesTheForm() {
        var renderer = ProblemRenderer()
        renderer.use({ problem, _ in ServerResponse(status: problem.status, text: "v2") }, below: "/v2")
        renderer.use({ problem, _ in ServerResponse(status: problem.status, text: "repository") }, below: "/v2/repository")
        let problem = Problem(.badRequest, "x")
        #expect(String(decoding: renderer.render(problem, path: "/v2/models", requestID: "").body, as: UTF8.self) == "v2")
        #expect(String(decoding: renderer.render(problem, path: "/v2/repository/index", requestID: "").body, as: UTF8.self) == "repository")
        #expect(renderer.render(problem, path: "/v2x", requestID: "").head.headerFields[.contentType] == "application/problem+json")
        #expect(renderer.render(problem, path: nil, requestID: "").head.headerFields[.contentType] == "application/problem+json")
    }
}
