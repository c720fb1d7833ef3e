import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Testing

@Suite struct RouterTests {
    private static let router: Router = {
        var router = Router()
        router.on(.get, "/models") { _ in ServerResponse(text: "all") }
        router.on(.get, "/models/{name}") { request in ServerResponse(text: "one: \(request.parameters["name"] ?? "")") }
        router.on(.get, "/models/special") { _ in ServerResponse(text: "special") }
        router.on(.post, "/models/{name}/versions/{version}/load") { request in
            ServerResponse(text: "\(request.parameters["name"] ?? "") \(request.parameters["version"] ?? "") \(request.route ?? "")")
        }
        router.on(.get, "/fails") { _ in throw TestError("secret") }
        router.on(.get, "/busy") { _ in throw Problem(.tooManyRequests, "The queue is full.", fields: [.retryAfter: "1"]) }
        router.on(.post, "/classify", body: BodyPolicy(needsLength: true, limit: 4)) { request in
            ServerResponse(text: try request.query.value("top_k") ?? "5")
        }
        return router
    }()

    private func ask(_ method: HTTPRequest.Method, _ path: String) async -> ServerResponse {
        let request = ServerRequest(head: HTTPRequest(method: method, scheme: nil, authority: "t", path: path), id: "i")
        return await Self.router.respond(to: request)
    }

    private func text(_ response: ServerResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    @Test func literalsWinOverParameters() async {
        #expect(text(await ask(.get, "/models")) == "all")
        #expect(text(await ask(.get, "/models/a")) == "one: a")
        #expect(text(await ask(.get, "/models/special?x")) == "special")
    }

    @Test func parametersAreDecodedAfterSplitting() async {
        #expect(text(await ask(.get, "/models/a%2Fb%20%C3%A4")) == "one: a/b ä")
        #expect(text(await ask(.post, "/models/a/versions/2/load")) == "a 2 /models/{name}/versions/{version}/load")
        #expect(await ask(.get, "/models/%ff").head.status.code == 400)
    }

    @Test(arguments: ["/", "/model", "/models/", "/models//", "//models", "/models/a/b", "/Models", "*"])
    func whatNoRouteTakesIs404(_ path: String) async {
        let response = await ask(.get, path)
        #expect(response.head.status.code == 404)
        #expect(response.head.headerFields[.contentType] == "application/problem+json")
    }

    @Test func otherMethodsAre405WithAllow() async {
        let response = await ask(.delete, "/models")
        #expect(response.head.status.code == 405)
        #expect(response.head.headerFields[.allow] == "GET, HEAD, OPTIONS")
        #expect(await ask(.get, "/classify").head.headerFields[.allow] == "OPTIONS, POST")
    }

    @Test func headAndOptionsAreAnswered() async {
        #expect(await ask(.head, "/models").head.status == .ok)
        let options = await ask(.options, "/models/a")
        #expect(options.head.status == .noContent)
        #expect(options.head.headerFields[.allow] == "GET, HEAD, OPTIONS")
        #expect(await ask(.options, "*").head.headerFields[.allow] == "GET, HEAD, OPTIONS, POST")
    }

    @Test func problemsAreRenderedAndOtherErrorsKeptSecret() async {
        let busy = await ask(.get, "/busy")
        #expect(busy.head.status.code == 429)
        #expect(busy.head.headerFields[.retryAfter] == "1")
        #expect(
            text(busy) == #"{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"The queue is full.","request_id":"i"}"#
        )
        let failed = await ask(.get, "/fails")
        #expect(failed.head.status.code == 500)
        #expect(!text(failed).contains("secret"))
    }

    @Test(arguments: TestTransport.allCases)
    func refusesBeforeTheBody(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: Self.router) { server in
            let connection = try server.connect()
            try await connection.send("POST /nowhere HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
            #expect(try await connection.response()?.status == 404)
            #expect(await connection.interim.isEmpty)
            #expect(try await server.request("POST", "/classify").status == 411)
            #expect(try await server.request("POST", "/classify", body: [1, 2, 3, 4, 5]).status == 413)
            #expect(try await server.request("POST", "/classify?top_k=3", body: [1]).text == "3")
            #expect(try await server.request("POST", "/classify?top_k=%", body: [1]).status == 400)
        }
    }
}
