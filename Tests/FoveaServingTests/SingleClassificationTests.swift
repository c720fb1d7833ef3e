import FoveaHTTP
import FoveaHTTPTesting
import FoveaJSON
import FoveaVision
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

/// Pictures that are answered without a task, as a socket's clients see them.
@Suite struct SingleClassificationTests {
    @Test func whatIsTakenAndWhatHasATask() throws {
        func isTaken(_ body: [UInt8], query: String = "", type: String? = nil) -> Bool {
            var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/classify\(query)")
            head.headerFields[.contentType] = type
            return ClassifyBody.isPicture(ServerRequest(head: head, body: body, id: "1"))
        }
        let (jpeg, png): ([UInt8], [UInt8]) = ([0xFF, 0xD8, 0xFF], [0x89, 0x50])
        #expect(isTaken(jpeg) && isTaken(png, query: "?top_k=1", type: "image/png"))
        #expect(isTaken(jpeg, type: "application/json"), "the bytes decide")
        #expect(!isTaken(jpeg, type: "multipart/form-data; boundary=x") && !isTaken(jpeg, type: "Multipart/Form-Data; boundary=x"))
        for text in ["", "{", "   {", "hello"] { #expect(!isTaken(Array(text.utf8))) }
        #expect(!isTaken(jpeg, query: "?layers=" + String(repeating: "a*,", count: 300)), "long lists take long to read")
    }

    @Test func smallPicturesAreQuickAndNothingElseIs() throws {
        #expect(NetworkInput.picture(try TestPictures.grey(1, width: 512, height: 512)).isQuick)
        #expect(!NetworkInput.picture(try TestPictures.grey(1, width: 513, height: 512)).isQuick)
        #expect(!NetworkInput.picture(try TestPictures.grey(1) + [UInt8](repeating: 0, count: 1 << 16)).isQuick, "too many bytes")
        for bytes in [[], Array("text".utf8), [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xC0, 0, 2]] {
            #expect(!NetworkInput.picture(bytes).isQuick)
        }
        #expect(NetworkInput.values([]).isQuick)
    }

    /// Every answer that `respond` gives in process comes from a socket too.
    @Test func problemsAndPicturesOverASocket() async throws {
        let harness = try ServingHarness()
        let white = try TestPictures.grey(255)
        let large = try TestPictures.grey(255, width: 90, height: 100)
        try await withTestServer(.socket, handler: harness.server.handler) { server in
            func ask(_ query: String, _ body: [UInt8], _ fields: [String: String] = [:]) async throws -> (Int, String) {
                let answer = try await server.request("POST", "/classify\(query)", fields: fields, body: body)
                return (answer.status, answer.text)
            }
            for _ in 0..<3 { #expect(try await ask("", white).0 == 200) }
            #expect(try await ask("", large).0 == 200)
            #expect(try await ask("?format=npy&layers=features.9", white).0 == 200)
            #expect(try await ask("?overlay=png", white).1.contains("\"overlay\""), "drawn by a task")
            for (query, body, status) in [
                ("?top_k=-1", white, 400), ("?model=nobody", white, 404), ("?model=omega", white, 503), ("?layers=none", white, 400),
                ("?model=%zz", white, 400), ("?format=npy&attention=none", white, 400), ("", Array(white.prefix(40)), 422),
                ("", [0xFF, 0xD8, 0xFF], 422), ("", [0xFF], 415), ("", [0x89], 415),
                ("?layers=" + String(repeating: "no,", count: 400), white, 400),
            ] as [(String, [UInt8], Int)] {
                let answer = try await ask(query, body, ["X-Request-Id": "here"])
                #expect(answer.0 == status && answer.1.contains("here"), "\(query) \(answer)")
            }
            #expect(harness.server.service.workers.queued == 0, "no place in the queue is lost")
            harness.network.fail(true)
            #expect(try await ask("", white).0 == 500)
            harness.network.fail(false)
            #expect(try await ask("", white).0 == 200)
        }
    }

    /// More numbers than a worker writes itself.
    @Test func longAnswersAreWrittenByATask() async throws {
        let harness = try ServingHarness(rows: 1024)
        let white = try TestPictures.grey(255)
        try await withTestServer(.socket, handler: harness.server.handler) { server in
            for _ in 0..<3 {
                let answer = try await server.request("POST", "/classify?map_size=0&layers=features.9", body: white)
                let attention = try JSONValue(json: answer.body)["attention"]
                #expect(attention?[0]?["values"]?.values.count == 32_768)
            }
        }
    }

    @Test func overloadAndDeadlinesAreToldWithoutATaskToo() async throws {
        let harness = try ServingHarness {
            $0.service.maxQueue = 2
            $0.service.deadline = .milliseconds(200)
        }
        let white = try TestPictures.grey(255)
        try await withTestServer(.socket, handler: harness.server.handler) { server in
            let workers = harness.server.service.workers
            harness.network.gate.close()
            async let busy = server.request("POST", "/classify", body: white)
            #expect(await eventually { harness.network.gate.waiting == 1 })
            async let first = server.request("POST", "/classify", body: white)
            async let second = server.request("POST", "/classify", body: white)
            #expect(await eventually { workers.queued == 2 })
            let refused = try await server.request("POST", "/classify", body: white)
            #expect(refused.status == 429 && refused["Retry-After"] != nil)
            #expect(try await first.status == 504)
            #expect(try await second.status == 504)
            harness.network.gate.open()
            #expect(try await busy.status == 200)
        }
    }

    @Test func aClientThatLeavesHasItsPictureDropped() async throws {
        let harness = try ServingHarness()
        let white = try TestPictures.grey(255)
        let request = Array("POST /classify HTTP/1.1\r\nHost: t\r\nContent-Length: \(white.count)\r\n\r\n".utf8) + white
        try await withTestServer(.socket, handler: harness.server.handler) { server in
            let workers = harness.server.service.workers
            let before = harness.network.passes.count
            harness.network.gate.close()
            async let busy = server.request("POST", "/classify", body: white)
            #expect(await eventually { harness.network.gate.waiting == 1 })
            let leaver = try server.connect()
            try await leaver.send(request)
            #expect(await eventually { workers.queued == 1 })
            await leaver.stream.reset()
            // The reset has to be seen before the worker looks.
            try await Task.sleep(for: .milliseconds(300))
            harness.network.gate.open()
            #expect(try await busy.status == 200)
            #expect(await eventually { harness.server.service.metrics.text().contains("fovea_clients_dropped_total 1\n") })
            #expect(harness.network.passes.count == before + 1)
        }
    }
}
