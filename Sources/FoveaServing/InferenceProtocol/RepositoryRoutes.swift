import FoveaHTTP
import FoveaJSON
import HTTPTypes

/// The model repository extension's routes that change what is served, for admins.
struct RepositoryRoutes: Sendable {
    let administration: ModelAdministration

    func add(to router: inout Router) {
        let body = BodyPolicy(limit: 4096)
        router.on(.post, "/v2/repository/models/{name}/load", access: .admin, body: body) { request in try await load(request) }
        router.on(.post, "/v2/repository/models/{name}/unload", access: .admin, body: body) { request in try unload(request) }
    }

    private func load(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let name = try Self.name(request)
        _ = try await administration.load(name)
        return Self.done(name, "load")
    }

    private func unload(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        let name = try Self.name(request)
        _ = try administration.unload(name)
        return Self.done(name, "unload")
    }

    /// The model that is meant.
    private static func name(_ request: ServerRequest) throws(Problem) -> String {
        try asProblem { () throws(ClassificationError) in try checkParameters(request.body) }
        return request.parameters["name"] ?? ""
    }

    /// Refuses parameters that would have another model loaded than the one in the folder.
    private static func checkParameters(_ body: [UInt8]) throws(ClassificationError) {
        guard !body.isEmpty else { return }
        try asBadRequest { () throws(JSONFault) in
            var scanner = JSONScanner(body)
            try scanner.object("the request") { scanner, key throws(JSONFault) in
                guard try !scanner.null() else { return }
                guard key == "parameters" else { return try scanner.skip() }
                try scanner.object("'parameters'") { scanner, name throws(JSONFault) in
                    guard name != "config", !name.hasPrefix("file:") else {
                        throw scanner.fault(
                            "the parameter '\(name.abbreviated)' is not taken: models are read from the models folders only")
                    }
                    try scanner.skip()
                }
            }
            try scanner.finish()
        }
    }

    private static func done(_ name: String, _ action: String) -> ServerResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", name)
            writer.member(action, true)
        }
        return ServerResponse(json: writer.bytes)
    }
}
