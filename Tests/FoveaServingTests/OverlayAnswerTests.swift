import Foundation
import FoveaHTTP
import FoveaJSON
import FoveaVision
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

/// `overlay=png`: drawings beside the maps, within bounds.
@Suite struct OverlayAnswerTests {
    let server: ServingHarness
    let white: [UInt8]

    init() throws {
        server = try ServingHarness()
        white = try TestPictures.grey(255, width: 12, height: 6)
    }

    private func drawing(_ map: JSONValue?) throws -> Picture {
        let text = try #require(map?["overlay"]?.text)
        let file = try #require(Data(base64Encoded: text))
        return try PictureDecoder().decode([UInt8](file)).upright
    }

    private func held(_ server: ServingHarness) -> Int { server.server.service.drawingBudget.used }

    @Test func everySpatialMapIsDrawnOnThePicture() async throws {
        let answer = await server.classify("?overlay=png&colormap=gray", body: white)
        #expect(answer.status == 200)
        let maps = try #require(answer.json["attention"]?.values)
        #expect(maps.count == 3 && maps[0]["overlay"] == nil, "a channel map has no place on the picture")
        // A ramp over the rows of the crop, which is the middle half of the picture.
        let ramp = try drawing(maps[2])
        #expect(ramp.width == 12 && ramp.height == 6)
        func red(_ x: Int, _ y: Int) -> Int { Int(ramp.pixels[3 * (12 * y + x)]) }
        #expect((0..<6).map { red(6, $0) } == (0..<6).map { red(6, $0) }.sorted())
        #expect(red(6, 0) < 145 && red(6, 5) > 235)
        #expect(red(2, 3) == (255 + 160) / 2 && red(9, 3) == red(2, 3), "what the network did not see is grey")
        #expect(maps[2]["values"]?.values.count == 512, "the values are there beside the drawing")
        _ = try drawing(maps[1])
    }

    @Test func withoutBeingAskedForThereIsNone() async {
        let answer = await server.classify(body: white)
        #expect(answer.json["attention"]?.values.contains { $0["overlay"] != nil } == false)
        #expect(await server.classify("?overlay=none", body: white).json["attention"]?[1]?["overlay"] == nil)
        #expect(await server.classify("?overlay=png&attention=none", body: white).json["attention"] == .array([]))
    }

    @Test func layersSummariesAndFormsGoWithIt() async throws {
        let summary = await server.classify("?overlay=png&attention=summary&layers=features.9", body: white)
        #expect(summary.json["attention"]?.values.count == 1)
        #expect(summary.json["attention"]?[0]?["values"] == nil)
        _ = try drawing(summary.json["attention"]?[0])
        let body = Array(#"{"images":["\#(Data(white).base64EncodedString())","AAAA"],"overlay":"png","colormap":"jet"}"#.utf8)
        let both = await server.classify(type: "application/json", body: body)
        _ = try drawing(both.json["results"]?[0]?["attention"]?[2])
        #expect(both.json["results"]?[1]?["status"]?.double == 415)
    }

    @Test func explanationsAreDrawnToo() async throws {
        let answer = await server.classify("?overlay=png&explain=cam&class=0,2&attention=none", body: white)
        let maps = try #require(answer.json["explanation"]?.values)
        #expect(maps.count == 2 && answer.json["attention"] == .array([]))
        for map in maps {
            let picture = try drawing(map)
            #expect(picture.width == 12 && picture.height == 6)
        }
        #expect(await server.classify("?explain=cam", body: white).json["explanation"]?[0]?["overlay"] == nil)
        // Each of them counts.
        let bounded = try ServingHarness { $0.service.maxDrawings = 3 }
        #expect(await bounded.classify("?overlay=png&explain=cam", body: white).status == 200)
        let refused = await bounded.classify("?overlay=png&explain=cam&class=0,1", body: white)
        #expect(refused.status == 400 && refused.detail.contains("4 drawings"), "\(refused.detail)")
    }

    @Test func largePicturesAreDrawnSmaller() async throws {
        let wide = try TestPictures.grey(90, width: 2500, height: 2)
        let picture = try drawing(await server.classify("?overlay=png&layers=features.9", body: wide).json["attention"]?[0])
        #expect(picture.width == 1024 && picture.height == 1)
        let tiny = try TestPictures.grey(90, width: 1, height: 1)
        let one = try drawing(await server.classify("?overlay=png&layers=features.9", body: tiny).json["attention"]?[0])
        #expect(one.width == 1 && one.height == 1)
    }

    @Test(arguments: [
        ("?colormap=rainbow", "viridis, inferno, jet, gray"), ("?overlay=jpeg", "none, png"), ("?overlay=png&format=npy", "'overlay'"),
        ("?format=tiff", "json, npy"),
    ]) func wrongValuesAre400(_ query: String, _ named: String) async {
        let answer = await server.classify(query, body: white)
        #expect(answer.status == 400 && answer.detail.contains(named), "\(answer.detail)")
    }

    @Test func moreDrawingsThanAnAnswerMayHoldAreRefusedBeforeTheWork() async throws {
        let server = try ServingHarness { $0.service.maxDrawings = 3 }
        #expect(await server.classify("?overlay=png", body: white).status == 200)
        let base64 = Data(white).base64EncodedString()
        func body(_ count: Int) -> [UInt8] {
            let pictures = [String](repeating: "\"\(base64)\"", count: count).joined(separator: ",")
            return Array(#"{"images":[\#(pictures)],"overlay":"png"}"#.utf8)
        }
        let passes = server.network.passes.count
        let refused = await server.classify(type: "application/json", body: body(2))
        #expect(refused.status == 400)
        #expect(refused.detail.contains("2 pictures") && refused.detail.contains("3 are drawn at once"), "\(refused.detail)")
        #expect(server.network.passes.count == passes)
        let one = await server.classify("?layers=features.9", type: "application/json", body: body(3))
        #expect(one.json["results"]?.values.count == 3)
    }

    @Test func theMemoryOfDrawingsIsBounded() async throws {
        let server = try ServingHarness { $0.service.maxDrawingBytes = 200 }
        let answer = await server.classify("?overlay=png", body: white)
        #expect(answer.status == 429 && answer.fields[.retryAfter] == "1")
        #expect(answer.detail.contains("layers"))
        #expect(await eventually { held(server) == 0 }, "what was taken is given back")
        #expect(await server.classify(body: white).status == 200)
        let metrics = await server.send(.get, "/metrics")
        #expect(metrics.text.contains(#"fovea_rejected_total{model="alpha",reason="drawings_full"} 1"#))
    }

    /// The pictures have no part in it: a client that is told by each of them would not come back.
    @Test func severalPicturesThatFindNoMemoryAreRefusedAsAWhole() async throws {
        let server = try ServingHarness { $0.service.maxDrawingBytes = 200 }
        let picture = Data(white).base64EncodedString()
        let body = Array(#"{"images":["\#(picture)","AAAA","\#(picture)"],"overlay":"png"}"#.utf8)
        let answer = await server.classify(type: "application/json", body: body)
        #expect(answer.status == 429 && answer.fields[.retryAfter] == "1" && answer.detail.contains("layers"), "\(answer.text)")
        #expect(await eventually { held(server) == 0 })
        let metrics = await server.send(.get, "/metrics")
        #expect(metrics.text.contains(#"fovea_rejected_total{model="alpha",reason="drawings_full"}"#))
        #expect(metrics.text.contains("fovea_clients_dropped_total 0\n"), "no client left")
    }

    /// While long texts have no thread to be written on, these wait: a task's thread is not theirs.
    @Test(arguments: [("?overlay=png", 1), ("?overlay=png", 2), ("?attention=summary&explain=cam", 2), ("?map_size=0", 2)])
    func whatTakesLongWaitsForAThreadOfItsOwn(query: String, pictures: Int) async throws {
        let (server, gate, done) = (try ServingHarness(rows: 1024), Gate(), Monitor(false))
        gate.close()
        server.server.service.compute { gate.pass() }
        #expect(await eventually { gate.waiting == 1 })
        let texts = [String](repeating: "\"\(Data(white).base64EncodedString())\"", count: pictures).joined(separator: ",")
        async let answer = {
            let answer = await server.classify(query, type: "application/json", body: Array("{\"images\":[\(texts)]}".utf8))
            done.withLockNotifyingAll { $0 = true }
            return answer
        }()
        #expect(await eventually { server.network.passes.reduce(0) { $0 + $1.pictures } >= pictures + 3 })
        try await Task.sleep(for: .milliseconds(300))
        #expect(!done.withLock { $0 })
        gate.open()
        #expect(await answer.status == 200)
    }

    @Test func theMemoryIsHeldAsLongAsTheAnswer() async throws {
        var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/classify?overlay=png")
        head.headerFields[.contentType] = "image/png"
        var response: ServerResponse? = await server.server.handler.respond(to: ServerRequest(head: head, body: white, id: "1"))
        let body = try #require(response?.body.count)
        #expect(held(server) > 0 && held(server) < 3 * body)
        response = nil
        // The thread that drew may still hold it for a moment.
        #expect(await eventually { held(server) == 0 })
    }

    @Test func aDrawingThatFailsSaysWhatFailed() throws {
        let budget = ByteBudget(limit: 1000)
        let lease = DrawingLease(budget)
        let picture = try #require(Picture(width: 2, height: 1, channels: 1, pixels: [0, 255]))
        let reason = "PNG: encoding failed (no memory)"
        #expect(throws: ClassificationError.drawingFailed(reason)) {
            try lease.encode(picture) { _ throws(PictureError) in throw .undecodable(reason) }
        }
        #expect(budget.used == 0, "what was taken is given back")
        let error = ClassificationError.drawingFailed(reason)
        #expect("\(error)" == error.detail)
        let problem = error.problem
        #expect(problem.status == .internalServerError && problem.detail.contains("drawn over the picture: \(reason)"))
    }

    @Test func aClientThatLeftIsNotDrawnFor() async throws {
        let client = ClientConnection()
        let gate = server.network.gate
        gate.close()
        async let answer = server.send(.post, "/classify?overlay=png", body: white, client: client)
        #expect(await eventually { gate.waiting == 1 })
        client.disconnect()
        gate.open()
        #expect(await answer.status == 499)
        #expect(await eventually { held(server) == 0 })
    }
}
