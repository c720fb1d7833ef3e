import FoveaHTTP
import HTTPTypes

/// The routes under which TorchServe's clients ask.
struct TorchServeRoutes: Sendable {
    let service: ClassificationService
    let readiness: Readiness
    let journal: RequestJournal

    /// The names of form parts that a picture may come in.
    static let partNames: Set<String> = ["data", "body", "image"]
    /// As many classes as TorchServe's image classifier tells.
    static let classes = 5

    func add(to router: inout Router) {
        router.on(.get, "/ping", access: .open) { _ in try ping() }
        for path in ["/predictions/{name}", "/predictions/{name}/{version}"] {
            for method in [HTTPRequest.Method.post, .put] {
                // `curl -T picture.jpg`, as TorchServe's documents have it, sends PUT.
                router.on(method, path, body: .required, refuse: overload) { request in try await predictions(request) }
            }
        }
    }

    private func ping() throws(Problem) -> ServerResponse {
        guard !readiness.isDraining, service.store.isComplete else {
            throw Problem(.serviceUnavailable, readiness.isDraining ? "The server drains." : "Models are being loaded.")
        }
        return ServerResponse(json: Array(#"{"status":"Healthy"}"#.utf8))
    }

    /// A full queue is told before the picture is read.
    private func overload(_ request: ServerRequest) -> Problem? {
        service.overload(request.parameters["name"], version: request.parameters["version"])?.problem
    }

    private func predictions(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let picture = try picture(of: request)
        var parameters = ClassifyParameters()
        parameters.model = request.parameters["name"]
        parameters.version = request.parameters["version"]
        parameters.topK = Self.classes
        parameters.attention = .none
        do throws(ClassificationError) {
            let answer = try await service.classify(
                picture, parameters: parameters, received: request.timings.lastByte, client: request.client)
            journal.note(answer, pictures: 1, of: request.id)
            return ServerResponse(json: Self.json(answer.predictions))
        } catch {
            throw error.problem
        }
    }

    private func picture(of request: ServerRequest) throws(Problem) -> [UInt8] {
        let type = request.head.headerFields[.contentType] ?? ""
        var picture = request.body
        if type.lowercased().hasPrefix("multipart/form-data") {
            let parts = try Multipart(body: request.body, contentType: type).parts.filter { Self.partNames.contains($0.name) }
            guard parts.count == 1, let part = parts.first else {
                throw Problem(.badRequest, "The form has \(parts.count) parts named 'data', 'body' or 'image'; expected one, a picture.")
            }
            picture = Array(part.body)
        }
        guard !picture.isEmpty else { throw Problem(.badRequest, "There is no picture in the request; send one as the body.") }
        return picture
    }

    /// `{"label": probability, …}`, the best class first. Where two classes have one name, the index tells the later one apart.
    private static func json(_ predictions: [Classification.Prediction]) -> [UInt8] {
        var writer = JSONWriter()
        var seen: Set<String> = []
        writer.object { writer in
            for prediction in predictions {
                let isNew = seen.insert(prediction.label).inserted
                writer.key(isNew ? prediction.label : "\(prediction.label) (\(prediction.index))")
                writer.value(prediction.probability)
            }
        }
        return writer.bytes
    }
}
