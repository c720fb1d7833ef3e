import FoveaHTTP
import HTTPTypes
import Testing

@Suite struct RequestParserTests {
    /// What the parser makes of pieces of input.
    private func verdict(_ pieces: [ArraySlice<UInt8>]) -> FramingCase.Verdict {
        var limits = HTTPLimits()
        limits.body = 1 << 20
        var parser = RequestParser(limits: limits)
        var requests: [FramingCase.Request] = []
        var head: RequestHead?
        for piece in pieces {
            var input = piece
            feeding: while true {
                switch parser.next(&input) {
                case .more: break feeding
                case .head(let next):
                    head = next
                    parser.readBody(limit: limits.body, keeping: true)
                case .body(let body):
                    guard let whole = head else { return .incomplete }
                    head = nil
                    requests.append(
                        FramingCase.Request(
                            whole.request.method.rawValue, whole.request.path ?? "", String(decoding: body, as: UTF8.self),
                            keepAlive: whole.keepAlive))
                case .failure(let problem): return .error(problem.status.code, after: requests.count)
                }
            }
        }
        return parser.isIdle ? .requests(requests) : .incomplete
    }

    @Test(arguments: FramingCase.all + FramingCase.sizes)
    func decidesAsTheRuleSays(_ framing: FramingCase) {
        #expect(verdict([framing.bytes[...]]) == framing.verdict, "\(framing.rule)")
    }

    @Test(arguments: FramingCase.all)
    func decidesTheSameWhereverTheBytesAreSplit(_ framing: FramingCase) {
        for split in framing.bytes.indices where framing.bytes.count < 4_000 || split % 97 == 0 {
            let verdict = verdict([framing.bytes[..<split], framing.bytes[split...]])
            #expect(verdict == framing.verdict, "\(framing.rule), split at \(split)")
            if verdict != framing.verdict { break }
        }
    }

    @Test(arguments: FramingCase.all + FramingCase.sizes)
    func decidesTheSameByteByByte(_ framing: FramingCase) {
        #expect(verdict(framing.bytes.indices.map { framing.bytes[$0...$0] }) == framing.verdict, "\(framing.rule)")
    }

    /// Random damage to the cases, from a fixed seed: whatever comes, the parser ends with the same verdict whole and split.
    @Test func damagedRequestsAreDecidedTheSameWhereverTheyAreSplit() {
        var seed: UInt64 = 0x9e37_79b9_7f4a_7c15
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % max(bound, 1)
        }
        let special = Array("\r\n\0 \t:;,%+-_0123456789abcdefGETHTTP/1.\u{7f}".utf8) + [0x80, 0xff]
        for round in 0..<1_500 {
            var bytes = FramingCase.all[random(FramingCase.all.count)].bytes
            for _ in 0...random(3) where !bytes.isEmpty {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes[place] = special[random(special.count)]
                case 1: bytes.insert(special[random(special.count)], at: place)
                case 2: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random(20))], at: random(bytes.count))
                }
            }
            let split = random(bytes.count)
            let whole = verdict([bytes[...]])
            #expect(verdict([bytes[..<split], bytes[split...]]) == whole, "round \(round)")
        }
    }

    @Test func absoluteFormWinsOverHost() throws {
        var parser = RequestParser(limits: HTTPLimits())
        var input = Array("GET http://b:81/x HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-1\r\n\r\n".utf8)[...]
        guard case .head(let head) = parser.next(&input) else {
            Issue.record("no head")
            return
        }
        #expect(head.request.authority == "b:81")
        #expect(head.requestID == "id-1")
    }

    @Test(arguments: ["", "two words", String(repeating: "a", count: 129), "a\r\nX-Request-Id: b", "ä"])
    func insaneRequestIDsAreNotTakenOver(_ id: String) {
        var parser = RequestParser(limits: HTTPLimits())
        var input = Array("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\r\n\r\n".utf8)[...]
        guard case .head(let head) = parser.next(&input) else {
            Issue.record("no head")
            return
        }
        #expect(head.requestID == nil)
    }

    @Test func aPromisedBodyCostsNoMemory() {
        var parser = RequestParser(limits: HTTPLimits())
        var input = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\nx".utf8)[...]
        guard case .head = parser.next(&input) else {
            Issue.record("no head")
            return
        }
        parser.readBody(limit: 64 << 20, keeping: true)
        guard case .more = parser.next(&input) else {
            Issue.record("more is expected")
            return
        }
        #expect(parser.bodyCapacity < 1 << 20)
    }
}
