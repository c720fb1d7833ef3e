import FoveaHTTP
import HTTPTypes

/// `POST /models/{name}/load` and `…/unload`.
struct AdminRoutes: Sendable {
    let store: ModelStore
    /// Models are read here, one after another.
    let loader: BlockingPool

    func add(to router: inout Router) {
        router.on(.post, "/models/{name}/load", access: .admin, body: BodyPolicy(limit: 4096)) { try await load($0) }
        router.on(.post, "/models/{name}/unload", access: .admin, body: BodyPolicy(limit: 4096)) { try unload($0) }
    }

    /// Answers when the directory was read; until then, and if it is refused, the model read before serves on.
    private func load(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let name = request.parameters["name"] ?? ""
        let result = await loader.run { () -> Result<ModelStatus, ClassificationError> in
            do throws(ClassificationError) {
                try store.reload(name)
                return .success(try store.status(name))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let status):
            if let reason = status.reason { throw Problem(.conflict, "The model '\(name)' was refused: \(reason)") }
            return ServerResponse(json: ModelJSON.detail(status))
        case .failure(let error): throw error.problem
        }
    }

    private func unload(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        let name = request.parameters["name"] ?? ""
        do throws(ClassificationError) {
            // Asked first: an unknown name gets the list of those there are.
            _ = try store.status(name)
            _ = store.unload(name)
            return ServerResponse(json: ModelJSON.detail(try store.status(name)))
        } catch {
            throw error.problem
        }
    }
}
