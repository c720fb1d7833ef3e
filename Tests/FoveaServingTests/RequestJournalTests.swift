import Foundation
import FoveaJSON
import FoveaZoo
import Logging
import Synchronization
import Testing

@testable import FoveaServing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One line a request, as an operator reads them.
@Suite struct RequestJournalTests {
    /// What a server writes to its log.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        var logger: Logger {
            Logger(label: "test") { label in
                LineLogHandler(label: label, format: .json) { line in
                    self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
                }
            }
        }

        var text: String { lines.withLock { $0.joined() } }

        func requests() throws -> [JSONValue] {
            try lines.withLock { $0 }.map { try JSONValue(json: Array($0.utf8)) }.filter { $0["message"]?.text == "Request answered." }
        }
    }

    private func send(_ port: Int, _ path: String, body: [UInt8], fields: [String: String] = [:]) async throws {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
        _ = try await URLSession.shared.data(for: request)
    }

    @Test func requestsOfOneIDHaveEachItsOwnLine() async throws {
        let log = Log()
        let harness = try ServingHarness(logger: log.logger)
        let port = try harness.server.start()
        let white = try TestPictures.grey(255)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                let model = index % 2 == 0 ? "alpha" : "beta"
                group.addTask { try await send(port, "/classify?model=\(model)&top_k=1", body: white, fields: ["X-Request-Id": "twin"]) }
            }
            try await group.waitForAll()
        }
        await harness.server.drain()
        let models = try log.requests().map { $0["model"]?.text ?? "" }
        #expect(models.count == 40 && models.count { $0 == "alpha" } == 20 && models.count { $0 == "beta" } == 20, "\(models)")
    }

    @Test func oneLineTellsARequestsModelSizesTraceAndTimes() async throws {
        let log = Log()
        let harness = try ServingHarness(logger: log.logger)
        let port = try harness.server.start()
        let white = try TestPictures.grey(255)
        let fields = [
            "X-Request-Id": "id-7", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "Authorization": "Bearer hush",
            "Cookie": "hush",
        ]
        try await send(port, "/classify?model=beta&top_k=1", body: white, fields: fields)
        try await send(port, "/classify?model=beta&layers=hush", body: white)
        try await send(port, "/classify?model=beta", body: Array("hush".utf8))
        await harness.server.drain()

        let lines = try log.requests()
        #expect(lines.count == 3)
        let first = try #require(lines.first)
        let expected = [
            "id": "id-7", "method": "POST", "path": "/classify", "model": "beta", "version": "1",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "parent_id": "00f067aa0ba902b7",
        ]
        for (name, value) in expected { #expect(first[name]?.text == value, "\(name)") }
        for (name, value) in ["status": 200, "pictures": 1, "batch_size": 1, "bytes_in": white.count] {
            #expect(first[name]?.double == Double(value), "\(name)")
        }
        let stages = ["receive_ms", "decode_ms", "preprocess_ms", "queue_ms", "inference_ms", "total_ms"]
        let times = stages.compactMap { first[$0]?.double }
        #expect(times.count == stages.count && times.allSatisfy { $0 >= 0 })
        #expect(times.dropLast().reduce(0, +) <= (times.last ?? 0) + 0.01, "the stages lie within the whole")
        #expect(lines.map { $0["status"]?.double } == [200, 400, 415])
        #expect(lines.map { $0["model"]?.text } == ["beta", "beta", "beta"])
        #expect(lines[1]["trace_id"] == nil && lines[1]["inference_ms"] == nil)
        #expect(!log.text.contains("hush"), "neither fields nor query nor body")
    }
}
