import FoveaHTTP

/// How a test's bytes reach the server.
public enum TestTransport: String, Sendable, CaseIterable {
    /// Straight into the connection's value.
    case inProcess
    /// Through a socket of the loopback interface.
    case socket
}

/// A server under test, in either form.
public struct TestServer: Sendable {
    private let open: @Sendable () throws -> any ByteStream

    init(open: @escaping @Sendable () throws -> any ByteStream) {
        self.open = open
    }

    /// Opens a connection.
    public func connect() throws -> TestConnection {
        TestConnection(stream: try open())
    }

    /// Sends one request on a connection of its own and waits for the answer.
    ///
    /// - Parameter fields: `Host` and `Content-Length` are added.
    public func request(
        _ method: String, _ target: String, fields: [String: String] = [:], body: [UInt8] = []
    ) async throws -> TestResponse {
        let connection = try connect()
        var head = "\(method) \(target) HTTP/1.1\r\nHost: test\r\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        try await connection.send(Array((head + "\r\n").utf8) + body)
        let answer = try await connection.response(toHead: method == "HEAD")
        await connection.stream.close()
        guard let answer else { throw TestError("the connection ended without an answer") }
        return answer
    }
}

extension HTTPLimits {
    /// The defaults, but with time-outs that a test on a busy machine does not reach.
    public static var patient: HTTPLimits {
        var limits = HTTPLimits()
        limits.headerTimeout = .seconds(120)
        limits.bodyGrace = .seconds(120)
        limits.writeTimeout = .seconds(120)
        limits.lingerTimeout = .seconds(120)
        limits.lingerIdleTimeout = .seconds(120)
        return limits
    }
}

/// Runs a test body against a handler, in process or over a socket; the server is shut down at the end.
public func withTestServer<Result>(
    _ transport: TestTransport, handler: any Handler, limits: HTTPLimits = .patient,
    problems: ProblemRenderer = ProblemRenderer(), _ body: (TestServer) async throws -> Result
) async throws -> Result {
    switch transport {
    case .inProcess:
        return try await body(TestServer { InProcessStream(handler: handler, limits: limits, problems: problems) })
    case .socket:
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.limits = limits
        configuration.problems = problems
        let server = HTTPServer(configuration: configuration, handler: handler)
        let port = try server.start()
        do {
            let result = try await body(TestServer { try SocketStream(port: port) })
            await server.shutdown(timeout: .milliseconds(500))
            return result
        } catch {
            await server.shutdown(timeout: .milliseconds(500))
            throw error
        }
    }
}
