import Foundation
import FoveaHTTP
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct ClassifyRouteTests {
    let server: ServingHarness
    let white: [UInt8]

    init() throws {
        server = try ServingHarness()
        white = try TestPictures.grey(255, width: 12, height: 6)
    }

    func form(_ parts: [(name: String, file: String?, body: [UInt8])]) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            let file = part.file.map { "; filename=\"\($0)\"" } ?? ""
            body +=
                Array("--XYZ\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n".utf8) + part.body + Array("\r\n".utf8)
        }
        return body + Array("--XYZ--\r\n".utf8)
    }

    let formType = "multipart/form-data; boundary=XYZ"

    @Test func theWholeAnswer() async throws {
        let answer = await server.classify("?layers=features.4", type: "image/png", body: white)
        #expect(answer.status == 200)
        #expect(answer.fields[.contentType] == "application/json")
        // exp(-2) and exp(-2) beside 1, in the order of the logits 1, -1, -1.
        let start = #"{"model":"alpha","version":"2","predictions":[{"index":1,"label":"bright","probability":0.786986"#
        #expect(answer.text.hasPrefix(start), "\(answer.text)")
        #expect(
            answer.text.contains(
                #""attention":[{"layer":"features.4","kind":"channel","shape":[3],"min":1.0,"max":1.0,"mean":1.0,"values":[1.0,1.0,1.0]},"#
                    + #"{"layer":"features.4","kind":"spatial","shape":[4,4],"size":[4,4],"min":1.0,"max":1.0,"mean":1.0,"values":[1.0,"#))
        #expect(
            answer.text.contains(
                #""image":{"width":12,"height":6,"orientation":1,"crop":{"x":3.0,"y":0.0,"width":6.0,"height":6.0}},"timing_ms":{"decode":"#
            ),
            "\(answer.text)")
        #expect(answer.text.hasSuffix(#"},"batch_size":1}"#))
        let timing = try #require(answer.json["timing_ms"])
        for stage in ["decode", "preprocess", "queue", "inference", "total"] { #expect((timing[stage]?.double ?? -1) >= 0) }
        #expect(answer.json["predictions"]?.values.map { $0["index"]?.double } == [1, 0, 2])
    }

    @Test func mapsAreAveragedDownAndSummariesHaveNoValues() async {
        let maps = await server.classify("?layers=*.9", body: white).json["attention"]
        #expect(maps?[0]?["shape"]?.doubles == [32, 16])
        #expect(maps?[0]?["size"]?.doubles == [64, 32])
        #expect(maps?[0]?["values"]?.doubles.prefix(17) == [Double](repeating: 0.5, count: 16)[...] + [2.5])
        #expect(maps?[0]?["min"]?.double == 0 && maps?[0]?["max"]?.double == 63 && maps?[0]?["mean"]?.double == 31.5)

        let native = await server.classify("?layers=*.9&map_size=0", body: white).json["attention"]
        #expect(native?[0]?["shape"]?.doubles == [64, 32] && native?[0]?["values"]?.values.count == 2048)

        let summary = await server.classify("?attention=summary", body: white).json["attention"]
        #expect(summary?.values.count == 3)
        #expect(summary?.values.allSatisfy { $0["values"] == nil && $0["mean"] != nil } == true)
        #expect(await server.classify("?attention=none", body: white).json["attention"] == .array([]))
    }

    @Test func parametersAreHonoured() async {
        let answer = await server.classify("?top_k=1&model=beta", body: white)
        #expect(answer.json["predictions"]?.values.count == 1)
        #expect(answer.json["model"] == .string("beta") && answer.json["version"] == .string("1"))
        #expect(await server.classify("?model=alpha&version=1", body: white).json["version"] == .string("1"))
        #expect(await server.classify("?top_k=100", body: white).json["predictions"]?.values.count == 3)
    }

    @Test(arguments: ["image/jpeg", "application/octet-stream", "application/x-www-form-urlencoded", "application/json", "text/plain", nil])
    func theBytesDecide(_ type: String?) async {
        #expect(await server.classify(type: type, body: white).status == 200)
    }

    @Test func oneFormPartAnswersOneObject() async {
        let body = form([("image", "a.png", white), ("top_k", nil, Array("2".utf8)), ("model", nil, Array("beta".utf8))])
        let answer = await server.classify(type: formType, body: body)
        #expect(answer.json["predictions"]?.values.count == 2 && answer.json["model"] == .string("beta"))
    }

    @Test func severalPicturesAnswerInOrderWithProblemsInPlace() async throws {
        let black = try TestPictures.grey(0)
        let parts = [white, Array("no picture".utf8), black, Array(white.prefix(40))].map {
            (name: "image", file: "x" as String?, body: $0)
        }
        let answer = await server.classify("?attention=none", type: formType, body: form(parts))
        #expect(answer.status == 200)
        let results = try #require(answer.json["results"])
        #expect(results.values.count == 4)
        #expect(results[0]?["predictions"]?[0]?["label"] == .string("bright"))
        #expect(results[1]?["status"]?.double == 415 && results[1]?["request_id"] == .string("test-1"))
        #expect(results[2]?["predictions"]?[0]?["label"] == .string("dark"))
        #expect(results[3]?["status"]?.double == 422)
    }

    @Test func picturesThatAllFailedAreNotedWithTheirModel() async {
        let client = ClientConnection()
        let parts = [(name: "image", file: "x" as String?, body: Array("no picture".utf8)), ("image", "y", Array("nor this".utf8))]
        let answer = await server.send(.post, "/classify?model=beta", type: formType, body: form(parts), client: client)
        #expect(answer.status == 200 && client.note.map { "\($0)" }?.contains("beta") == true)
    }

    @Test func jsonBodies() async {
        let base64 = Data(white).base64EncodedString()
        let one = await server.classify(
            type: "application/json", body: Array(#"{"image":"\#(base64)","top_k":1,"layers":["features.9"]}"#.utf8))
        #expect(one.json["predictions"]?.values.count == 1 && one.json["attention"]?.values.count == 1)
        let untyped = await server.classify(body: Array(#" {"image":"data:image/png;base64,\#(base64)"}"#.utf8))
        #expect(untyped.status == 200)
        let two = await server.classify(
            type: "application/json", body: Array(#"{"images":["\#(base64)","\#(base64)"],"attention":"none"}"#.utf8))
        #expect(two.json["results"]?.values.count == 2)
    }

    @Test(arguments: [
        ("?top_k=-1", "top_k"), ("?attention=foo", "attention"), ("?layers=nope.*", "features.4, features.9"), ("?nonsense=1", "nonsense"),
        ("?explain=cam&class=3", "0 to 2"), ("?explain=layercam&layers=features.9", "features.12, features.11"),
        ("?overlay=gif", "overlay"), ("?class=1", "explain"), ("?map_size=x", "map_size"),
        ("?model=%zz", "model"), ("?model=a&model=b", "model"),
    ])
    func wrongParametersAre400(_ query: String, _ named: String) async {
        let answer = await server.classify(query, body: white)
        #expect(answer.status == 400)
        #expect(answer.fields[.contentType] == "application/problem+json")
        #expect(answer.detail.contains(named), "\(answer.detail)")
        #expect(answer.json["request_id"] == .string("test-1"))
        #expect(answer.json["title"] == .string("Bad Request"))
    }

    @Test(arguments: [
        ("{", "wrong at byte 1"), ("[]", "not an object"), ("{}", "neither 'image' nor 'images'"),
        (#"{"image":5}"#, "'image' is not a string"),
        (#"{"image":"%%%"}"#, "'image' is not valid base64"), (#"{"image":"AAAA\nAAAA"}"#, "one line"),
        (#"{"image":""}"#, "empty"), (#"{"images":[]}"#, "'images' is empty"),
        (#"{"images":["AAAA",1]}"#, "'images[1]'"), (#"{"image":"AAAA","images":[]}"#, "both"), (#"{"images":"AAAA"}"#, "not an array"),
        (#"{"image":"AAAA","colour":1}"#, "colour"), (#"{"image":"AAAA","top_k":-1}"#, "top_k"),
        (#"{"image":"AAAA","top_k":true}"#, "top_k"),
    ])
    func wrongJSONIs400(_ text: String, _ named: String) async {
        let answer = await server.classify(type: "application/json", body: Array(text.utf8))
        #expect(answer.status == 400)
        #expect(answer.detail.contains(named), "\(answer.detail)")
    }

    /// What is short to send and long to read, or to answer.
    @Test func longTextsAndManyValuesAreRefusedUnread() async {
        let text = String(repeating: "a,", count: 40_000)
        for name in ["layers", "class", "model"] {
            let answer = await server.classify(type: formType, body: form([("image", "a.png", white), (name, nil, Array(text.utf8))]))
            #expect(answer.status == 400 && answer.detail.contains("80000 bytes; 65536 are allowed"), "\(answer.detail)")
        }
        let base64 = Data(white).base64EncodedString()
        let many = String(repeating: #""a","#, count: 4_096)
        for value in ["[\(many)1]", "{\"a\":[\(many)1]}"] {
            let answer = await server.classify(
                type: "application/json", body: Array(#"{"image":"\#(base64)","layers":\#(value)}"#.utf8))
            #expect(answer.status == 400 && answer.detail.contains("more than 4096"), "\(answer.detail)")
        }
        // A thousand patterns are allowed, however they come.
        let patterns = Array(repeating: #""features.*""#, count: 1_000).joined(separator: ",")
        let allowed = await server.classify(
            type: "application/json", body: Array(#"{"image":"\#(base64)","layers":[\#(patterns)]}"#.utf8))
        #expect(allowed.status == 200, "\(allowed.detail)")
        // One character of any number of marks is glanced at by its marks.
        let marks = "e" + String(repeating: "\u{301}", count: 20_000)
        let marked = await server.classify(type: formType, body: form([("image", "a.png", white), ("attention", nil, Array(marks.utf8))]))
        #expect(marked.status == 400 && marked.text.utf8.count < 1_000)
    }

    @Test func anAnswerHasSoManyNumbersAtMost() async throws {
        let server = try ServingHarness(rows: 1 << 18)
        let two = form([("image", "a.png", white), ("image", "b.png", white)])
        let warmUp = server.network.passes.count
        for query in ["?map_size=0", "?map_size=262144"] {
            let answer = await server.classify(query, type: formType, body: two)
            #expect(answer.status == 400 && answer.detail.contains("8388627 numbers for each of 2 pictures"), "\(answer.detail)")
        }
        #expect(server.network.passes.count == warmUp, "told before any work")
        #expect(await server.classify("?map_size=0&attention=none", type: formType, body: two).status == 200)
        #expect(await server.classify("?map_size=0&layers=features.4", type: formType, body: two).status == 200)
    }

    @Test func wrongFormsAre400() async {
        for (body, named) in [
            (form([]), "no part"), (form([("top_k", nil, [0x31])]), "'image'"), (form([("file", "a.png", white)]), "'file'"),
            (form([("image", "a.png", [])]), "empty"), (form([("image", "a", white), ("model", nil, [0xFF])]), "UTF-8"),
            (Array("no boundary here".utf8), "boundary"), (Array(form([("image", "a", white)]).dropLast(9)), "boundary"),
        ] {
            let answer = await server.classify(type: formType, body: body)
            #expect(answer.status == 400 && answer.detail.contains(named), "\(answer.status) \(answer.detail)")
        }
    }

    @Test func aPictureUnderAnotherNameIsToldItsName() async {
        for picture in [white, [UInt8](repeating: 0xFF, count: 80_000), Array("hello".utf8)] {
            let answer = await server.classify(type: formType, body: form([("file", "a.png", picture)]))
            #expect(answer.status == 400 && answer.detail.contains("'file'. Pictures are parts named 'image'"), "\(answer.detail)")
        }
    }

    @Test func badPictures() async {
        let text = await server.classify(body: Array("hello".utf8))
        #expect(text.status == 415 && !text.detail.isEmpty)
        let truncated = await server.classify(body: Array(white.dropLast(20)))
        #expect(truncated.status == 422 && !truncated.detail.isEmpty)
        // A PNG header of 60,000 × 60,000 pixels costs no more than its header.
        var huge = Array(white.prefix(33))
        huge.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        let answer = await server.classify(body: huge)
        #expect(answer.status == 422, "\(answer.detail)")
        #expect(await server.classify(body: []).status == 400)
        #expect(await server.classify(body: white).status == 200, "the server goes on")
        #expect(server.server.service.workers.queued == 0, "no place in the queue is lost")
    }

    @Test func unknownAndRefusedModels() async {
        let unknown = await server.classify("?model=gamma", body: white)
        #expect(unknown.status == 404 && unknown.detail.contains("alpha, beta, omega"))
        let version = await server.classify("?model=alpha&version=7", body: white)
        #expect(version.status == 404 && version.detail.contains("2, 1"))
        let refused = await server.classify("?model=omega", body: white)
        #expect(refused.status == 503 && refused.detail.contains("fc.weight"))
    }

    @Test func aPassThatFailsIs500() async {
        server.network.fail(true)
        #expect(await server.classify(body: white).status == 500)
        server.network.fail(false)
        #expect(await server.classify(body: white).status == 200)
    }

    /// Keeps the only worker of a server in a pass until the gate opens.
    func occupy(_ server: ServingHarness) async -> Task<Void, Never> {
        let (workers, network, gate) = (server.server.service.workers, server.network, server.network.gate)
        gate.close()
        let work = Work(
            lane: 0, network: network, input: .values([Float](repeating: 0, count: 48)), deadline: .now.advanced(by: .seconds(600)))
        try? workers.reserve(lane: 0)
        let task = Task { _ = try? await workers.run(work, attendance: Attendance()) }
        while gate.waiting == 0 { try? await Task.sleep(for: .milliseconds(2)) }
        return task
    }

    @Test func aFullQueueIs429() async throws {
        let server = try ServingHarness { $0.service.maxQueue = 1 }
        let white = self.white
        let occupied = await occupy(server)
        async let waiting = server.classify(body: white)
        while server.server.service.workers.queued == 0 { try await Task.sleep(for: .milliseconds(2)) }
        let refused = await server.classify(body: white)
        #expect(refused.status == 429)
        #expect(refused.fields[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
        let both = form([("image", "a", white), ("image", "b", white)])
        #expect(await server.classify(type: formType, body: both).status == 429, "several pictures are refused as a whole")
        server.network.gate.open()
        #expect(await waiting.status == 200)
        await occupied.value
    }

    /// An overload costs neither the reading of a picture nor the waiting for it.
    @Test func aFullQueueIsToldBeforeThePictureIsRead() async throws {
        let server = try ServingHarness { $0.service.maxQueue = 1 }
        let white = self.white
        let occupied = await occupy(server)
        async let waiting = server.classify("?model=alpha", body: white)
        while server.server.service.workers.queued == 0 { try await Task.sleep(for: .milliseconds(2)) }
        func admission(_ query: String, type: String? = nil) -> Int? {
            var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/classify\(query)")
            head.headerFields[.contentType] = type
            guard case .refuse(let response) = server.server.handler.admit(ServerRequest(head: head, id: "1")) else { return nil }
            return response.head.status.code
        }
        #expect(admission("?model=alpha") == 429)
        #expect(admission("", type: "image/jpeg") == 429, "it is the default model")
        #expect(admission("") == nil, "without a type it may be JSON, which may name another model")
        #expect(admission("?model=beta") == nil, "another model has places of its own")
        #expect(admission("?model=nobody") == nil && admission("?model=a&model=b&%") == nil, "told later, by its own name")
        #expect(admission("?model=alpha", type: "multipart/form-data; boundary=b") == nil, "the form may name another model")
        #expect(admission("?model=alpha", type: "application/json") == nil)
        let form = "application/x-www-form-urlencoded"
        #expect(admission("", type: form) == nil, "curl says so of JSON too, which may name another model")
        #expect(admission("?model=alpha", type: form) == 429 && admission("", type: "image/png") == 429)
        server.network.gate.open()
        #expect(await waiting.status == 200)
        await occupied.value
        #expect(admission("?model=alpha") == nil)
    }

    @Test func aDeadlineThatPassesIs504() async throws {
        let server = try ServingHarness { $0.service.deadline = .milliseconds(100) }
        let occupied = await occupy(server)
        let answer = await server.classify(body: white)
        #expect(answer.status == 504 && answer.detail.contains("deadline"))
        server.network.gate.open()
        await occupied.value
    }

    @Test func oneRequestMayHaveMorePicturesThanTheQueueHolds() async throws {
        let server = try ServingHarness { $0.service.maxQueue = 2 }
        let parts = (0..<9).map { _ in (name: "image", file: "x" as String?, body: white) }
        let answer = await server.classify("?attention=none", type: formType, body: form(parts))
        #expect(answer.json["results"]?.values.filter { $0["predictions"] != nil }.count == 9, "\(answer.text.prefix(300))")
    }
}
