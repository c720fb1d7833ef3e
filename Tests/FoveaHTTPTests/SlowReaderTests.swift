import FoveaHTTP
import FoveaHTTPTesting
import FoveaSystem
import Testing

/// Clients that take an answer slowly.
@Suite struct SlowReaderTests {
    /// The system tells a socket writable only once a third of its buffer is free, which takes such a client longer than the longest pause.
    @Test func whoTakesAnAnswerSteadilyGetsItWhole() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.limits.writeTimeout = .seconds(1)
        configuration.limits.minimumRate = 1
        let size = 32 << 20
        let server = HTTPServer(
            configuration: configuration,
            handler: ClosureHandler { _ in ServerResponse(status: .ok, body: [UInt8](repeating: 0, count: size)) })
        let stream = try SocketStream(port: try server.start())
        try await stream.send(Array("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8))
        var taken = 0
        let start = Instant.now
        while true {
            let count = try await stream.receive().count
            if count == 0 { break }
            taken += count
            if Instant.now - start < .seconds(5) { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(taken > size)
        await server.shutdown(timeout: .seconds(1))
    }
}
