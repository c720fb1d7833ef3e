import FoveaHTTP
import FoveaZoo
import HTTPTypes
import Synchronization
import Testing

@testable import FoveaServing

@Suite struct ServingRoutesTests {
    @Test func theListOfModels() async throws {
        let answer = await (try ServingHarness()).send(.get, "/models")
        #expect(answer.status == 200)
        #expect(
            answer.text.hasPrefix(
                #"{"models":[{"name":"alpha","version":"2","architecture":"fake","state":"ready","default":true,"input_size":[3,4,4],"#
                    + #""num_classes":3,"parameters":12,"attention_layers":["features.4","features.9"]},{"name":"alpha","version":"1","#),
            "\(answer.text)")
        #expect(answer.text.hasSuffix(#""attention_layers":null,"reason":"tensor 'fc.weight' is missing"}]}"#))
    }

    @Test func oneModel() async throws {
        let server = try ServingHarness()
        let answer = await server.send(.get, "/models/alpha")
        #expect(answer.json["version"] == .string("2"))
        #expect(answer.json["labels"] == .array([.string("dark"), .string("bright"), .string("none")]))
        #expect(answer.json["preprocessing"]?["interpolation"] == .string("nearest"))
        #expect(answer.json["preprocessing"]?["crop_pct"]?.double == 1)
        #expect(answer.json["layers"] == .array([]) && answer.json["multiply_adds"]?.double == 0)
        #expect(await server.send(.get, "/models/alpha?version=1").json["version"] == .string("1"))
        #expect(await server.send(.get, "/models/omega").json["state"] == .string("refused"))
        let unknown = await server.send(.get, "/models/..%2f..%2fetc")
        #expect(unknown.status == 404 && unknown.detail.contains("alpha, beta, omega"))
    }

    @Test func unknownRoutesAndMethods() async throws {
        let server = try ServingHarness()
        #expect(await server.send(.get, "/nothing").status == 404)
        let wrong = await server.send(.get, "/classify")
        #expect(wrong.status == 405)
        #expect(wrong.fields[.allow]?.contains("POST") == true)
    }

    @Test func readinessComesWithTheLastModel() async throws {
        let server = try ServingHarness(load: false)
        #expect(await server.send(.get, "/livez").status == 200)
        #expect(await server.send(.get, "/readyz").status == 503)
        let port = try server.server.start()
        #expect(port > 0)
        let early = await server.send(.get, "/readyz")
        #expect(early.status == 503 && early.detail.contains("alpha"))
        #expect(await server.classify(body: try TestPictures.grey(1)).status == 503)
        #expect(await server.send(.get, "/models/alpha").json["state"] == .string("loading"))
        server.finishLoading()
        #expect(await eventually { server.server.service.store.isComplete })
        #expect(await server.send(.get, "/readyz").status == 200)
        await server.server.drain()
        let late = await server.send(.get, "/readyz")
        #expect(late.status == 503 && late.detail.contains("drains"))
        #expect(await server.send(.get, "/livez").status == 200)
    }

    /// An orchestrator restarts a server whose probes are late, and tasks may be busy for long.
    @Test(arguments: ["/livez", "/readyz", "/ping", "/v2/health/live", "/v2/health/ready"]) func probesNeedNoTask(_ path: String) throws {
        let server = try ServingHarness()
        let answer = Mutex<ServerResponse?>(nil)
        let request = ServerRequest(head: HTTPRequest(method: .get, scheme: "http", authority: "t", path: path), id: "1")
        #expect(server.server.handler.take(request, Reply(put: { response in answer.withLock { $0 = response } })))
        #expect(answer.withLock { $0?.head.status } == .ok)
    }

    @Test func aStuckWorkerIsToldAndMended() async throws {
        let server = try ServingHarness { $0.service.stuckAfter = .milliseconds(50) }
        server.network.gate.close()
        async let answer = server.classify(body: try TestPictures.grey(1))
        #expect(await eventually { server.network.gate.waiting == 1 })
        try await Task.sleep(for: .milliseconds(60))
        let sick = await server.send(.get, "/livez")
        #expect(sick.status == 503 && sick.detail.contains("worker 0 (fake)") && sick.detail.contains("0.05 seconds"), "\(sick.text)")
        #expect(await server.send(.get, "/v2/health/live").status == 503)
        #expect(await server.send(.get, "/readyz").status == 200)
        server.network.gate.open()
        #expect(try await answer.status == 200)
        #expect(await server.send(.get, "/livez").status == 200)
    }
}
