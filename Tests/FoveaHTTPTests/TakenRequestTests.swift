import Dispatch
import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Synchronization
import Testing

/// Requests that a handler takes, to answer them without a task.
@Suite struct TakenRequestTests {
    /// Takes what is below `/taken`, answers it when a test says so, and asks for a task else.
    private final class TakingHandler: Handler {
        private let waiting = Mutex<[(path: String, client: ClientConnection, reply: Reply)]>([])

        func take(_ request: ServerRequest, _ reply: Reply) -> Bool {
            let path = request.head.path ?? ""
            if path == "/taken/now" {
                reply.post(ServerResponse(text: path))
                reply.ring()
                return true
            }
            guard path.hasPrefix("/taken") else { return false }
            waiting.withLock { $0.append((path, request.client, reply)) }
            return true
        }

        func respond(to request: ServerRequest) async -> ServerResponse {
            ServerResponse(text: "task \(request.head.path ?? "")")
        }

        func arrivals(_ count: Int) async throws -> [ClientConnection] {
            for _ in 0..<2_000 where waiting.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(5)) }
            return waiting.withLock { $0.map(\.client) }
        }

        /// Posts all answers from a thread of its own, and only then has them sent.
        func answer() {
            let replies = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            DispatchQueue.global().async {
                for (path, _, reply) in replies { reply.post(ServerResponse(text: path)) }
                for (_, _, reply) in replies { reply.ring() }
            }
        }
    }

    private static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: t\r\n\r\n" }

    @Test(arguments: ["/taken/now", "/other"])
    func whatIsNotTakenHasATask(_ path: String) async throws {
        try await withTestServer(.socket, handler: TakingHandler()) { server in
            let connection = try server.connect()
            for _ in 0..<3 {
                try await connection.send(Self.get(path))
                #expect(try await connection.response()?.text == (path == "/other" ? "task /other" : path))
            }
        }
    }

    @Test func answersOfManyArePostedTogetherAndComeToWhoAsked() async throws {
        let handler = TakingHandler()
        try await withTestServer(.socket, handler: handler) { server in
            let connections = try (0..<20).map { _ in try server.connect() }
            for (index, connection) in connections.enumerated() { try await connection.send(Self.get("/taken/\(index)")) }
            _ = try await handler.arrivals(20)
            handler.answer()
            for (index, connection) in connections.enumerated() {
                #expect(try await connection.response()?.text == "/taken/\(index)")
            }
        }
    }

    @Test func pipelinedRequestsAreTakenOneAfterAnother() async throws {
        let handler = TakingHandler()
        try await withTestServer(.socket, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send(Self.get("/taken/a") + Self.get("/taken/now") + Self.get("/other") + Self.get("/taken/b"))
            #expect(try await handler.arrivals(1).count == 1)
            handler.answer()
            for text in ["/taken/a", "/taken/now", "task /other"] { #expect(try await connection.response()?.text == text) }
            #expect(try await handler.arrivals(1).count == 1)
            handler.answer()
            #expect(try await connection.response()?.text == "/taken/b")
        }
    }

    @Test func aClientThatLeftIsToldOfAndItsAnswerHarmsNobody() async throws {
        let handler = TakingHandler()
        try await withTestServer(.socket, handler: handler) { server in
            let (leaver, stayer) = (try server.connect(), try server.connect())
            try await leaver.send(Self.get("/taken/left"))
            let client = try #require(try await handler.arrivals(1).first)
            try await stayer.send(Self.get("/taken/stays"))
            _ = try await handler.arrivals(2)
            await leaver.stream.reset()
            for _ in 0..<2_000 where client.isConnected { try await Task.sleep(for: .milliseconds(5)) }
            #expect(!client.isConnected)
            handler.answer()
            #expect(try await stayer.response()?.text == "/taken/stays")
            #expect(try await server.request("GET", "/other").text == "task /other")
        }
    }

    @Test func aDrainWaitsForWhatWasTaken() async throws {
        let handler = TakingHandler()
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.limits = .patient
        let server = HTTPServer(configuration: configuration, handler: handler)
        let connection = TestConnection(stream: try SocketStream(port: try server.start()))
        try await connection.send(Self.get("/taken"))
        _ = try await handler.arrivals(1)
        async let isDrained = server.shutdown(timeout: .seconds(60))
        try await Task.sleep(for: .milliseconds(50))
        handler.answer()
        let answer = try await connection.response()
        #expect(answer?.text == "/taken" && answer?["Connection"] == "close")
        await connection.stream.close()
        #expect(await isDrained)
    }

    @Test func aRouteTakesWhatItWantsAndItsProblemsAreTold() async throws {
        var router = Router()
        router.on(
            .post, "/models/{name}",
            take: { request, reply throws(Problem) in
                switch request.parameters["name"] {
                case "thrown": throw Problem(.badRequest, "Thrown at once.")
                case "posted":
                    reply.post(.failure(Problem(.tooManyRequests, "Posted later.", fields: [.retryAfter: "1"])))
                case "task": return false
                default: reply.post(.success(ServerResponse(text: "taken \(request.route ?? "") \(request.body.count)")))
                }
                reply.ring()
                return true
            }, { request in ServerResponse(text: "task \(request.parameters["name"] ?? "")") })
        try await withTestServer(.socket, handler: router) { server in
            func ask(_ path: String) async throws -> TestResponse { try await server.request("POST", path, body: [1, 2]) }
            #expect(try await ask("/models/a").text == "taken /models/{name} 2")
            #expect(try await ask("/models/task").text == "task task")
            let thrown = try await ask("/models/thrown")
            #expect(thrown.status == 400 && thrown.text.contains("Thrown at once.") && thrown.text.contains(thrown["X-Request-Id"] ?? "-"))
            let posted = try await ask("/models/posted")
            #expect(posted.status == 429 && posted["Retry-After"] == "1" && posted["Content-Type"] == "application/problem+json")
            #expect(try await ask("/nothing").status == 404)
            #expect(try await server.request("GET", "/models/a").status == 405)
        }
    }

    @Test func nothingIsTakenWithoutAToken() async throws {
        var router = Router()
        router.on(
            .post, "/a",
            take: { _, reply in
                reply.post(.success(ServerResponse(text: "taken")))
                reply.ring()
                return true
            }, { _ in ServerResponse(text: "a") })
        router.authorize = { _, _ in Problem(.unauthorized, "A token is needed.") }
        try await withTestServer(.socket, handler: router) { server in
            let answer = try await server.request("POST", "/a", body: [1])
            #expect(answer.status == 401)
        }
    }
}
