import FoveaHTTP
import FoveaMetrics
import HTTPTypes
import Logging

/// The routes of the server, on a router.
struct ServingRoutes: Sendable {
    let service: ClassificationService
    let readiness: Readiness
    let journal: RequestJournal

    /// The router with every route.
    func router(problems: ProblemRenderer = ProblemRenderer(), logger: Logger) -> Router {
        var router = Router(problems: problems, logger: logger)
        ProbeRoutes(service: service, readiness: readiness).add(to: &router)
        router.on(.get, "/models") { _ in ServerResponse(json: ModelJSON.listing(service.store.listing())) }
        router.on(.get, "/models/{name}") { request in try model(request) }
        router.on(.get, "/openapi.json") { _ in ServerResponse(json: Array(OpenAPI.document.utf8)) }
        let classify = ClassifyRoute(service: service, journal: journal)
        router.on(
            .post, "/classify", body: .required, refuse: overload,
            take: { request, reply throws(Problem) in try classify.take(request, reply) },
            { request in try await classify.respond(to: request) })
        router.on(.get, "/metrics") { _ in
            ServerResponse(status: .ok, fields: [.contentType: PrometheusRegistry.contentType], body: Array(service.metrics.text().utf8))
        }
        PageRoutes().add(to: &router)
        InferenceRoutes(service: service, journal: journal).add(to: &router)
        TorchServeRoutes(service: service, journal: journal).add(to: &router)
        return router
    }

    /// A full queue is told before the picture is read, where the query names the model, or the type says that the body is a picture. Any other body may be a
    /// form or JSON text and name its model itself.
    private func overload(_ request: ServerRequest) -> Problem? {
        guard let query = try? request.query else { return nil }
        let model = (try? query.value("model")) ?? nil
        guard isPicture(request.head.headerFields[values: .contentType].first, isModelNamed: model != nil) else { return nil }
        return journal.overload(of: request, by: service, model: model, version: (try? query.value("version")) ?? nil)
    }

    private func isPicture(_ contentType: String?, isModelNamed: Bool) -> Bool {
        let type = contentType?.lowercased() ?? ""
        if type.hasPrefix("image/") || type.hasPrefix("application/octet-stream") { return true }
        return isModelNamed && !type.hasPrefix("multipart/") && !type.contains("json")
    }

    private func model(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        let version = try request.query.value("version")
        let status = try asProblem { () throws(ClassificationError) in
            try service.store.status(request.parameters["name"] ?? "", version: version)
        }
        return ServerResponse(json: ModelJSON.detail(status))
    }
}
