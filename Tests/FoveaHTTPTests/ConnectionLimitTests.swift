import FoveaHTTP
import FoveaHTTPTesting
import Testing

/// What becomes of connections when there are as many as there may be.
@Suite struct ConnectionLimitTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n"

    private func configuration() -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.limits = .patient
        configuration.maxConnections = 2
        return configuration
    }

    @Test func connectionsBeyondTheLimitWaitTheirTurn() async throws {
        let server = HTTPServer(configuration: configuration(), handler: EchoHandler())
        let port = try server.start()
        let first = try SocketStream(port: port)
        let second = try SocketStream(port: port)
        let third = TestConnection(stream: try SocketStream(port: port))
        try await third.send(Self.get)
        while server.connectionCount < 2 { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(20))
        #expect(server.connectionCount == 2)
        await first.close()
        #expect(try await third.response()?.status == 200)
        await second.close()
        await third.stream.close()
        await server.shutdown(timeout: .seconds(1))
    }

    @Test func nobodyMakesRoomForNobody() async throws {
        let server = HTTPServer(configuration: configuration(), handler: EchoHandler())
        let port = try server.start()
        let idle = TestConnection(stream: try SocketStream(port: port))
        try await idle.send(Self.get)
        #expect(try await idle.response()?.status == 200)
        // As long as a connection must have been idle to be closed for others.
        try await Task.sleep(for: .milliseconds(1_200))
        let last = TestConnection(stream: try SocketStream(port: port))
        for connection in [last, idle] {
            try await connection.send(Self.get)
            #expect(try await connection.response()?.status == 200)
        }
        for connection in [idle, last] { await connection.stream.close() }
        await server.shutdown(timeout: .seconds(1))
    }

    @Test func whoWaitsBeyondTheLimitIsAnsweredBeforeTheEnd() async throws {
        let gate = Gate()
        let handler = ClosureHandler { _ in
            await gate.pass()
            return ServerResponse(text: "answered")
        }
        let server = HTTPServer(configuration: configuration(), handler: handler)
        let port = try server.start()
        let connections = try (0..<4).map { _ in TestConnection(stream: try SocketStream(port: port)) }
        for connection in connections { try await connection.send(Self.get) }
        await gate.arrival()
        async let ended = server.shutdown(timeout: .seconds(20))
        try await Task.sleep(for: .milliseconds(600))
        await gate.open()
        for connection in connections { #expect(try await connection.response()?.text == "answered") }
        for connection in connections { await connection.stream.close() }
        #expect(await ended)
    }

    @Test func connectionsWithoutARequestMakeRoom() async throws {
        let server = HTTPServer(configuration: configuration(), handler: EchoHandler())
        let port = try server.start()
        let (answered, begun) = (TestConnection(stream: try SocketStream(port: port)), TestConnection(stream: try SocketStream(port: port)))
        try await answered.send(Self.get)
        #expect(try await answered.response()?.status == 200)
        try await begun.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n1")
        while server.connectionCount < 2 { try await Task.sleep(for: .milliseconds(5)) }
        let late = TestConnection(stream: try SocketStream(port: port))
        try await late.send(Self.get)
        #expect(try await late.response()?.status == 200, "the place of the one that waits for nothing")
        try await begun.send("2")
        #expect(try await begun.response()?.text == "POST /a 12", "who sends a request keeps its place")
        #expect(try await answered.response() == nil)
        for connection in [answered, begun, late] { await connection.stream.close() }
        await server.shutdown(timeout: .seconds(1))
    }
}
