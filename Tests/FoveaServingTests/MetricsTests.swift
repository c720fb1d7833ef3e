import Foundation
import FoundationNetworking
import FoveaHTTP
import FoveaMetrics
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct MetricsTests {
    /// Every sample line without its value, and the values by line.
    private func samples(_ text: String) -> [String: Double] {
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return samples
    }

    @Test func whatIsServedIsCounted() async throws {
        let server = try ServingHarness()
        let metrics = server.server.service.metrics
        #expect(await server.classify(body: try TestPictures.grey(9)).status == 200)
        #expect(await server.classify(body: Array("text".utf8)).status == 415)
        #expect(await server.send(.post, "/predictions/beta", body: try TestPictures.grey(9)).status == 200)
        #expect(await server.send(.post, "/predictions/beta", body: Array(try TestPictures.grey(9).prefix(40))).status == 422)
        let answer = await server.send(.get, "/metrics")
        #expect(answer.fields[.contentType] == PrometheusRegistry.contentType)
        #expect(metrics.text().contains("# HELP fovea_build_info"))
        let found = samples(answer.text)
        #expect(found[#"fovea_inference_duration_seconds_count{model="alpha"}"#] == 1)
        #expect(found[#"fovea_inference_duration_seconds_count{model="beta"}"#] == 1)
        #expect(found[#"fovea_encode_duration_seconds_count{model="alpha"}"#] == 1)
        #expect(found[#"fovea_encode_duration_seconds_count{model="beta"}"#] == 1)
        #expect(found[#"fovea_batch_size_bucket{model="alpha",le="1"}"#] == 1)
        #expect(found[#"fovea_rejected_total{model="alpha",reason="unsupported"}"#] == 1)
        #expect(found[#"fovea_rejected_total{model="beta",reason="undecodable"}"#] == 1)
        #expect(found["fovea_pictures_total"] == 2)
        #expect(found["fovea_tls_handshake_failures_total"] == 0)
        #expect(found["fovea_queue_depth"] == 0 && found["fovea_workers"] == 1)
        #expect(found[#"fovea_model_state{model="omega",version="1",state="refused"}"#] == 1)
        #expect(found[#"fovea_model_state{model="alpha",version="2",state="refused"}"#] == 0)
        #expect(found[#"fovea_model_bytes{model="alpha",version="2"}"#] == 48)
        #expect(found[#"fovea_model_loads_total{model="alpha",result="ready"}"#] == 2)
        #expect(found[#"fovea_model_loads_total{model="omega",result="refused"}"#] == 1)
        #expect(found["process_resident_memory_bytes"] ?? 0 > 1e6)
        #expect(found["process_open_fds"] ?? 0 > 2)
        #expect((found["process_start_time_seconds"] ?? 0) > Date.now.timeIntervalSince1970 - 86_400)
        #expect((found["process_start_time_seconds"] ?? .infinity) < Date.now.timeIntervalSince1970 + 5)
        #expect((found["process_cpu_seconds_total"] ?? 0) > 0)
    }

    @Test func nothingIsLeftOverOfAModelThatIsGone() async throws {
        let server = try ServingHarness()
        let store = server.server.service.store
        try store.unload("alpha")
        let unloaded = samples(await server.send(.get, "/metrics").text)
        #expect(unloaded[#"fovea_model_state{model="alpha",version="2",state="unloaded"}"#] == 1)
        #expect(unloaded[#"fovea_model_bytes{model="alpha",version="2"}"#] == nil)
        try FileManager.default.removeItem(at: server.folder.url.appending(path: "alpha"))
        try store.scan()
        let gone = samples(await server.send(.get, "/metrics").text)
        #expect(!gone.keys.contains { $0.hasPrefix("fovea_model_state") && $0.contains("alpha") })
        #expect(gone[#"fovea_model_state{model="beta",version="1",state="ready"}"#] == 1)
    }

    @Test func everyFamilyIsDocumented() async throws {
        let interface = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/interface.md")
        let page = try String(contentsOf: interface, encoding: .utf8)
        let server = try ServingHarness()
        let text = await server.send(.get, "/metrics").text
        let families = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE fovea_") }.map { $0.split(separator: " ")[2] }
        #expect(families.count >= 18)
        for family in families { #expect(page.contains("`\(family)"), "\(family)") }
    }

    @Test func aFullQueueAndAPassedDeadlineAreTold() async throws {
        let server = try ServingHarness { $0.service.deadline = .milliseconds(20) }
        server.network.gate.close()
        async let first = server.classify(body: try TestPictures.grey(1))
        #expect(await eventually { server.network.gate.waiting == 1 })
        #expect(await server.classify(body: try TestPictures.grey(1)).status == 504)
        let found = samples(await server.send(.get, "/metrics").text)
        #expect(found[#"fovea_rejected_total{model="alpha",reason="deadline"}"#] == 1)
        #expect(found["fovea_workers_busy"] == 1)
        server.network.gate.open()
        #expect(try await first.status == 200)
    }

    @Test func eachPictureOfOneRequestIsCountedOnce() async throws {
        let server = try ServingHarness()
        let (gate, client) = (server.network.gate, ClientConnection())
        let picture = Data(try TestPictures.grey(1)).base64EncodedString()
        let body = Array(#"{"images":["\#(picture)","\#(picture)"]}"#.utf8)
        gate.close()
        async let answer = server.send(.post, "/classify", type: "application/json", body: body, client: client)
        #expect(await eventually { gate.waiting == 1 })
        client.disconnect()
        gate.open()
        #expect(await answer.status == 499)
        let found = samples(await server.send(.get, "/metrics").text)
        #expect(found[#"fovea_rejected_total{model="alpha",reason="client_left"}"#] == 2)
    }

    @Test func aFullQueueIsToldByTheHeadAlone() async throws {
        let server = try ServingHarness { $0.service.maxQueue = 1 }
        server.network.gate.close()
        async let running = server.classify(body: try TestPictures.grey(1))
        #expect(await eventually { server.network.gate.waiting == 1 })
        async let waiting = server.classify(body: try TestPictures.grey(1))
        #expect(await eventually { server.server.service.workers.queued == 1 })
        for path in ["/v2/models/alpha/infer", "/predictions/alpha", "/classify?model=alpha"] {
            let head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: path)
            guard case .refuse(let response) = server.server.handler.admit(ServerRequest(head: head, id: "test-1")) else {
                Issue.record("\(path) wants the body")
                continue
            }
            #expect(response.head.status.code == 429 && response.head.headerFields[.retryAfter] != nil, "\(path)")
        }
        let found = samples(await server.send(.get, "/metrics").text)
        #expect(found[#"fovea_rejected_total{model="alpha",reason="queue_full"}"#] == 3)
        server.network.gate.open()
        let answers = try await [running, waiting]
        #expect(answers.map(\.status) == [200, 200])
    }

    /// Over a socket: only there are requests observed.
    @Test func requestsAreCountedByRouteModelAndStatus() async throws {
        let server = try ServingHarness()
        let port = try server.server.start()
        func get(_ path: String) async throws {
            let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
            _ = try await URLSession.shared.data(from: url)
        }
        for path in ["/models/alpha", "/models/nobody", "/models/nobody-else", "/nothing/at/all", "/v2/models/alpha/ready"] {
            try await get(path)
        }
        #expect(
            await eventually {
                samples(server.server.service.metrics.text()).keys.count { $0.hasPrefix("fovea_requests_total") } == 4
            })
        let found = samples(server.server.service.metrics.text())
        #expect(found[#"fovea_requests_total{route="/models/{name}",model="",status="200"}"#] == 1)
        #expect(found[#"fovea_requests_total{route="/models/{name}",model="",status="404"}"#] == 2)
        #expect(found[#"fovea_requests_total{route="other",model="",status="404"}"#] == 1)
        #expect(found[#"fovea_request_duration_seconds_count{route="/models/{name}"}"#] == 3)
        await server.server.drain()
    }
}
