import Foundation
import FoveaHTTPTesting
import FoveaZoo
import Testing

@testable import FoveaServing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The routes behind the wire's bytes, and the server's life.
@Suite struct FoveaServerTests {
    @Test(arguments: TestTransport.allCases) func aPictureGoesInAndClassesComeOut(_ transport: TestTransport) async throws {
        let harness = try ServingHarness()
        let white = try TestPictures.grey(255)
        try await withTestServer(transport, handler: harness.server.handler) { server in
            let answer = try await server.request(
                "POST", "/classify?top_k=1", fields: ["X-Request-Id": "abc", "Content-Type": "image/png"], body: white)
            #expect(answer.status == 200 && answer["X-Request-Id"] == "abc")
            #expect(answer.text.contains(#""label":"bright""#))
            let problem = try await server.request("POST", "/classify?top_k=-1", fields: ["X-Request-Id": "abc"], body: white)
            #expect(problem.status == 400 && problem["Content-Type"] == "application/problem+json")
            #expect(problem.text.contains(#""request_id":"abc""#))
            #expect(try await server.request("POST", "/classify").status == 411)
            #expect(try await server.request("DELETE", "/models").status == 405)
            #expect(try await server.request("GET", "/livez").status == 200)
        }
    }

    @Test func aDrainAnswersWhatWasAcceptedAndClosesTheListener() async throws {
        let harness = try ServingHarness { $0.drainTimeout = .seconds(20) }
        let port = try harness.server.start()
        let url = try #require(URL(string: "http://127.0.0.1:\(port)"))
        while !harness.server.service.store.isComplete { try await Task.sleep(for: .milliseconds(2)) }
        harness.network.gate.close()
        var request = URLRequest(url: url.appending(path: "classify"))
        request.httpMethod = "POST"
        request.httpBody = Data(try TestPictures.grey(255))
        async let answer = URLSession.shared.data(for: request)
        while harness.network.gate.waiting == 0 { try await Task.sleep(for: .milliseconds(2)) }
        async let isDrained = harness.server.drain()
        var isRefused = false
        for _ in 0..<500 where !isRefused {
            try await Task.sleep(for: .milliseconds(10))
            isRefused = (try? await URLSession.shared.data(from: url.appending(path: "livez"))) == nil
        }
        #expect(isRefused, "the listener closes")
        harness.network.gate.open()
        #expect(await isDrained)
        let (body, response) = try await answer
        let http = try #require(response as? HTTPURLResponse)
        #expect(http.statusCode == 200 && String(decoding: body, as: UTF8.self).contains("bright"))
        #expect(http.value(forHTTPHeaderField: "Connection") == "close")
    }
}
