import FoveaHTTP
import HTTPTypes
import Testing

@Suite struct MultipartTests {
    private func parse(_ text: String, type: String = "multipart/form-data; boundary=b", limits: Multipart.Limits = .init()) throws
        -> Multipart
    {
        try Multipart(body: Array(text.utf8), contentType: type, limits: limits)
    }

    private func part(_ name: String, _ content: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
    }

    @Test func readsParts() throws {
        let form = try parse(
            "preamble\r\n" + part("top_k", "3")
                + "--b \t\r\ncontent-disposition: FORM-DATA; filename=\"a \\\"b\\\" C:\\d.jpg\"; name=image\r\nContent-Type: image/jpeg\r\n\r\n\u{1}\r\n--\r\n--\r\n\r\n--b--epilogue"
        )
        #expect(form.parts.map(\.name) == ["top_k", "image"])
        #expect(form.parts[0].text == "3")
        #expect(form.parts[1].contentType == "image/jpeg")
        #expect(form.parts[1].text == "\u{1}\r\n--\r\n--\r\n")
    }

    @Test func manyParametersAreMalformed() throws {
        func type(_ count: Int) -> String { "multipart/form-data" + (1..<count).map { "; p\($0)=x" }.joined() + "; boundary=b" }
        #expect(try parse("--b--\r\n", type: type(32)).parts.isEmpty)
        #expect(throws: Problem.self) { try parse("--b--\r\n", type: type(33)) }
    }

    @Test func readsEmptyContent() throws {
        #expect(try parse(part("a", "") + "--b--\r\n").parts[0].body.isEmpty)
        #expect(try parse("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--").parts[0].body.isEmpty)
        #expect(try parse("--b--\r\n").parts.isEmpty)
    }

    @Test func readsQuotedBoundaries() throws {
        let type = "Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\""
        #expect(try parse("--a b:c\r\nContent-Disposition: form-data; name=x\r\n\r\ny\r\n--a b:c--", type: type).parts.first?.text == "y")
    }

    @Test func sameNamesAreKeptInOrder() throws {
        #expect(try parse(part("image", "1") + part("image", "2") + "--b--").parts.map(\.text) == ["1", "2"])
    }

    @Test(arguments: [
        ("", "does not hold the boundary"), ("nothing", "does not hold the boundary"),
        ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "no end"),
        ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b", "not followed by CRLF"),
        ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--bX--", "not followed by CRLF"),
        ("--b\nContent-Disposition: form-data; name=a\n\nx\n--b--", "not followed by CRLF"),
        ("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", "Content-Disposition"),
        ("--b\r\n\r\nx\r\n--b--", "Content-Disposition"),
        ("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--", "Content-Disposition"),
        ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "no name"),
        ("--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--", "Content-Disposition"),
        ("--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--b--", "Content-Disposition"),
        ("--b\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--b--", "White space"),
        ("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--", "base64"),
        ("--b\r\nX: \0\r\n\r\nx\r\n--b--", "control"), ("--b\r\nX", "no end within"),
    ])
    func saysWhatIsWrong(_ body: String, _ reason: String) {
        #expect { try parse(body) } throws: { error in
            guard let problem = error as? Problem else { return false }
            return problem.status == .badRequest && problem.detail.contains(reason)
        }
    }

    @Test(arguments: [
        ("multipart/form-data", 400), ("multipart/form-data; boundary=", 400), ("multipart/form-data; boundary=\"a", 400),
        ("multipart/form-data; boundary=\(String(repeating: "a", count: 71))", 400), ("multipart/mixed; boundary=b", 415), ("", 400),
    ])
    func refusesOtherTypes(_ type: String, _ status: Int) {
        #expect { try parse("--b--", type: type) } throws: { ($0 as? Problem)?.status.code == status }
    }

    @Test func partsAndHeadersAreBounded() {
        var limits = Multipart.Limits()
        limits.parts = 2
        #expect(throws: Problem.self) { try parse(part("a", "") + part("b", "") + part("c", "") + "--b--", limits: limits) }
        limits.partHeaderBytes = 20
        #expect(throws: Problem.self) { try parse(part("a", "") + "--b--", limits: limits) }
    }

    @Test func everyTruncationIsAnErrorAndNoCrash() {
        let whole = Array((part("a", "x\r\ny") + part("b", "z") + "--b--").utf8)
        for length in whole.indices.dropLast() {
            #expect(throws: Problem.self, "cut at \(length)") {
                try Multipart(body: Array(whole[..<length]), contentType: "multipart/form-data; boundary=b")
            }
        }
    }

    @Test func almostBoundariesTakeLinearTime() throws {
        let boundary = String(repeating: "-", count: 70)
        let body =
            "--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\n"
            + String(repeating: "\r\n--" + boundary.dropLast() + "x", count: 20_000)
        #expect(throws: Problem.self) { try Multipart(body: Array(body.utf8), contentType: "multipart/form-data; boundary=\(boundary)") }
    }
}
