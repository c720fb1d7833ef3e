import FoveaHTTP
import FoveaHTTPTesting
import FoveaJSON
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct OpenAPITests {
    @Test func theDocumentDescribesEveryRouteAndNoOther() async throws {
        let server = try ServingHarness { $0.adminTokenFile = "not read here" }
        let document = await server.send(.get, "/openapi.json")
        #expect(document.status == 200)
        #expect(document.json["openapi"] == .string("3.1.0"))
        guard case .object(let paths) = document.json["paths"] else {
            Issue.record("there are no paths")
            return
        }
        #expect(paths.count == 29)
        for (path, operations) in paths {
            #expect(operations[operations["post"] == nil ? "get" : "post"]?["responses"]?["200"] != nil, "\(path)")
            // Every path is routed: what answers OPTIONS lists the methods that the document describes.
            let answer = await server.send(
                .options, path.replacing("{name}", with: "alpha").replacing("{version}", with: "1").replacing("{file}", with: "page.js"))
            let allowed = answer.fields[.allow] ?? ""
            for method in ["get", "post", "put"] {
                #expect(allowed.contains(method.uppercased()) == (operations[method] != nil), "\(method) \(path): \(allowed)")
            }
        }
    }

    @Test func everyParameterOfClassifyIsDescribed() async throws {
        let document = await (try ServingHarness()).send(.get, "/openapi.json")
        guard case .array(let parameters) = document.json["paths"]?["/classify"]?["post"]?["parameters"] else {
            Issue.record("there are no parameters")
            return
        }
        let described = Set(parameters.compactMap { $0["name"]?.text })
        #expect(described == Set(ClassifyParameters.names))
    }

    // MARK: - Answers

    private static let methods = ["get": HTTPRequest.Method.get, "post": .post, "put": .put]

    /// An operation of the document, and a path that it answers.
    private struct Operation {
        var method: HTTPRequest.Method
        var path: String
        var described: JSONValue
        var isOpen: Bool
        var isForAdmins: Bool
    }

    private func operations(_ document: JSONValue) -> [Operation] {
        guard case .object(let paths) = document["paths"] else { return [] }
        var found: [Operation] = []
        for (path, operations) in paths {
            let path = path.replacing("{name}", with: "alpha").replacing("{version}", with: "2").replacing("{file}", with: "page.js")
            for (name, method) in Self.methods {
                guard let described = operations[name] else { continue }
                // No entry: no token; one without the alternative of none: an admin's.
                let security = described["security"]?.values
                found.append(
                    Operation(
                        method: method, path: path, described: described, isOpen: security?.isEmpty == true,
                        isForAdmins: security?.isEmpty == false))
            }
        }
        return found
    }

    /// An answer as the document describes it, its reference followed.
    private func described(_ status: Int, of operation: JSONValue, in document: JSONValue) -> JSONValue? {
        let answer = operation["responses"]?["\(status)"]
        guard let name = answer?["$ref"]?.text?.split(separator: "/").last else { return answer }
        return document["components"]?["responses"]?[String(name)]
    }

    /// Whether the document has this answer, and those of its fields that tell a client what to do.
    private func expect(
        _ answer: Answer, of operation: JSONValue, in document: JSONValue, _ what: String, location: SourceLocation = #_sourceLocation
    ) {
        let described = described(answer.status, of: operation, in: document)
        #expect(described != nil, "\(what): \(answer.status)", sourceLocation: location)
        for field in [HTTPField.Name.wwwAuthenticate, .retryAfter] where answer.fields[field] != nil {
            #expect(described?["headers"]?[field.rawName] != nil, "\(what): \(field)", sourceLocation: location)
        }
    }

    @Test func everyAnswerCarriesTheRequestsID() async throws {
        let document = await (try ServingHarness()).send(.get, "/openapi.json").json
        for operation in operations(document) {
            guard case .object(let answers) = operation.described["responses"] else {
                Issue.record("\(operation.path) has no answers")
                continue
            }
            for status in answers.keys.compactMap({ Int($0) }) {
                let answer = described(status, of: operation.described, in: document)
                #expect(answer?["headers"]?["X-Request-Id"] != nil, "\(operation.path): \(status)")
            }
        }
    }

    @Test func whatTokensOpenIsDescribed() async throws {
        let files = try TemporaryFolder()
        try files.write("user-1\n", to: "users")
        try files.write("admin-1\n", to: "admins")
        let server = try ServingHarness {
            $0.tokenFile = files.url.appending(path: "users").path(percentEncoded: false)
            $0.adminTokenFile = files.url.appending(path: "admins").path(percentEncoded: false)
        }
        try server.server.access.read()
        let document = await server.send(.get, "/openapi.json", token: "user-1").json
        let operations = operations(document)
        #expect(operations.count == 33)
        for operation in operations {
            let what = "\(operation.method) \(operation.path)"
            let missing = await server.send(operation.method, operation.path)
            #expect((missing.status == 401) == !operation.isOpen, "\(what)")
            expect(missing, of: operation.described, in: document, what)
            if operation.isOpen { continue }
            let unknown = await server.send(operation.method, operation.path, token: "user-3")
            #expect(unknown.status == 403, "\(what)")
            expect(unknown, of: operation.described, in: document, what)
            if operation.isForAdmins {
                let user = await server.send(operation.method, operation.path, token: "user-1")
                #expect(user.status == 403, "\(what)")
                expect(user, of: operation.described, in: document, what)
            }
        }
    }

    /// A model's description is long where it has many classes or layers.
    @Test func fullMemoryForAnswersIsDescribed() async throws {
        let server = try ServingHarness(layer: String(repeating: "x", count: 16 << 20)) { $0.http.maxAnswerBytes = 1 << 20 }
        let document = await server.send(.get, "/openapi.json").json
        let port = try server.server.start()
        func ask(_ path: String) async throws -> TestConnection {
            let connection = TestConnection(stream: try SocketStream(port: port))
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: t\r\n\r\n")
            return connection
        }
        // It reads the beginning of an answer that is longer than what the system takes.
        let holder = try await ask("/models/alpha")
        _ = try await holder.stream.receive()
        for operation in operations(document) where operation.path.contains("/models/alpha") && operation.method == .get {
            if operation.path.hasSuffix("/ready") { continue }
            let refused = try #require(try await ask(operation.path).response())
            #expect(refused.status == 429, "\(operation.path)")
            expect(
                Answer(status: refused.status, fields: refused.fields, body: refused.body), of: operation.described, in: document,
                operation.path)
        }
        await holder.stream.reset()
        await server.server.drain()
    }

    @Test func whatAModelThatIsNotThereAnswersIsDescribed() async throws {
        let loading = try ServingHarness(load: false)
        try loading.server.service.store.scan()
        let document = await loading.send(.get, "/openapi.json").json
        for operation in operations(document) where operation.isOpen {
            let answer = await loading.send(operation.method, operation.path)
            expect(answer, of: operation.described, in: document, operation.path)
        }
        let server = try ServingHarness()
        try server.server.service.store.unload("alpha")
        var count = 0
        for operation in operations(document) where operation.path.contains("alpha") || operation.path == "/classify" {
            if operation.isForAdmins { continue }
            let path = operation.path == "/classify" ? "/classify?model=alpha" : operation.path
            let answer = await server.send(operation.method, path, body: try TestPictures.grey(1))
            expect(answer, of: operation.described, in: document, operation.path)
            if answer.status == 503 { count += 1 }
            #expect(answer.fields[.retryAfter] == nil, "\(operation.path): nobody knows when it is loaded again")
        }
        #expect(count == 15)
    }
}
