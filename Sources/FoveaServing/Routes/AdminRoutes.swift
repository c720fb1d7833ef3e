import FoveaHTTP
import HTTPTypes

/// `POST /models/{name}/load` and `…/unload`.
struct AdminRoutes: Sendable {
    let administration: ModelAdministration

    func add(to router: inout Router) {
        let body = BodyPolicy(limit: 4096)
        router.on(.post, "/models/{name}/load", access: .admin, body: body) { request in
            ServerResponse(json: ModelJSON.detail(try await administration.load(request.parameters["name"] ?? "")))
        }
        router.on(.post, "/models/{name}/unload", access: .admin, body: body) { request in
            ServerResponse(json: ModelJSON.detail(try administration.unload(request.parameters["name"] ?? "")))
        }
    }
}
