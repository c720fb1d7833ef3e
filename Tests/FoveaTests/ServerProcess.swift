import Foundation
import FoundationNetworking
import FoveaSystem

/// `fovea serve` as a process, and URLSession as its client.
final class ServerProcess {
    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: Data

        /// The body as a JSON object.
        func object() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
        }
    }

    struct StartFailure: Error {
        var output: String
    }

    let address: String
    let process: Process
    private let output = Pipe()

    /// Starts a server on a port of its own choice and waits until it is ready, a minute at most.
    init(models: String, arguments: [String] = [], prelude: String? = nil, log: Any? = nil) async throws {
        process = Executable.process(
            ["serve", "--models", models, "--port", "0", "--log-level", "error"] + arguments, prelude: prelude)
        process.standardOutput = output
        if let log { process.standardError = log }
        try process.run()
        let started = Instant.now
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let range = line.range(of: "http://"), let end = line[range.lowerBound...].firstIndex(of: "\n") else {
            process.terminate()
            throw StartFailure(output: line)
        }
        address = String(line[range.lowerBound..<end])
        while try await get("/readyz").status != 200 {
            guard started.duration(to: .now) < .seconds(60) else {
                process.terminate()
                throw StartFailure(output: "not ready after a minute")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The server's port.
    var port: Int { URL(string: address)?.port ?? 0 }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func get(_ path: String) async throws -> Answer {
        try await send(URLRequest(url: try url(path)))
    }

    func post(_ path: String, _ body: Data, type: String = "application/octet-stream", token: String? = nil) async throws -> Answer {
        var request = URLRequest(url: try url(path))
        request.httpMethod = "POST"
        request.httpBody = body
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        return try await send(request)
    }

    private func url(_ path: String) throws -> URL {
        guard let url = URL(string: address + path) else { throw URLError(.badURL) }
        return url
    }

    private func send(_ request: URLRequest) async throws -> Answer {
        let (body, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
        return Answer(status: response.statusCode, headers: headers, body: body)
    }
}
