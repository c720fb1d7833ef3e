import FoveaHTTP
import HTTPTypes

/// The model repository extension's routes that change what is served, for admins.
struct RepositoryRoutes: Sendable {
    let store: ModelStore
    /// Models are read here, one after another.
    let loader: BlockingPool

    func add(to router: inout Router) {
        let body = BodyPolicy(limit: 4096)
        router.on(.post, "/v2/repository/models/{name}/load", access: .admin, body: body) { request in try await load(request) }
        router.on(.post, "/v2/repository/models/{name}/unload", access: .admin, body: body) { request in try unload(request) }
    }

    /// Answers when the directory was read; until then, and if it is refused, the model read before serves on.
    private func load(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let name = request.parameters["name"] ?? ""
        let result = await loader.run { () -> Result<ModelStatus, ClassificationError> in
            do throws(ClassificationError) {
                try Self.checkParameters(request.body)
                try store.reload(name)
                return .success(try store.status(name))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let status):
            if let reason = status.reason { throw Problem(.conflict, "The model '\(name)' was refused: \(reason)") }
            return Self.done(name, "load")
        case .failure(let error): throw error.problem
        }
    }

    private func unload(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        let name = request.parameters["name"] ?? ""
        do throws(ClassificationError) {
            try Self.checkParameters(request.body)
            // Asked first: an unknown name gets the list of those there are.
            _ = try store.status(name)
        } catch {
            throw error.problem
        }
        _ = store.unload(name)
        return Self.done(name, "unload")
    }

    /// Refuses parameters that would have another model loaded than the one in the folder.
    private static func checkParameters(_ body: [UInt8]) throws(ClassificationError) {
        guard !body.isEmpty else { return }
        var scanner = JSONScanner(body)
        try scanner.object("the request") { scanner, key throws(ClassificationError) in
            guard try !scanner.null() else { return }
            guard key == "parameters" else { return try scanner.skip() }
            try scanner.object("'parameters'") { scanner, name throws(ClassificationError) in
                guard name != "config", !name.hasPrefix("file:") else {
                    throw .badRequest("The parameter '\(name.abbreviated)' is not taken: models are read from the models folders only.")
                }
                try scanner.skip()
            }
        }
        try scanner.finish()
    }

    private static func done(_ name: String, _ action: String) -> ServerResponse {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("name")
            writer.value(name)
            writer.key(action)
            writer.value(true)
        }
        return ServerResponse(json: writer.bytes)
    }
}
