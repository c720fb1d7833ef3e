import FoveaHTTP
import HTTPTypes

/// The routes under which TorchServe's clients ask.
struct TorchServeRoutes: Sendable {
    let service: ClassificationService
    let journal: RequestJournal

    /// The names of form parts that a picture may come in.
    static let partNames: Set<String> = ["data", "body", "image"]
    /// As many classes as TorchServe's image classifier tells.
    static let classes = 5

    func add(to router: inout Router) {
        for path in ["/explanations/{name}", "/explanations/{name}/{version}"] {
            for method in [HTTPRequest.Method.post, .put] {
                router.on(method, path, body: .required, refuse: overload) { request in try await explanations(request) }
            }
        }
        for path in ["/predictions/{name}", "/predictions/{name}/{version}"] {
            for method in [HTTPRequest.Method.post, .put] {
                // `curl -T picture.jpg`, as TorchServe's documents have it, sends PUT.
                router.on(method, path, body: .required, refuse: overload) { request in try await predictions(request) }
            }
        }
    }

    /// The class activation map of the best class, or of the query's `class`, as rows of numbers.
    ///
    /// TorchServe's own answer is Captum's integrated gradients of every pixel of every channel, for class 0 unless told otherwise.
    private func explanations(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let picture = try await picture(of: request)
        do throws(ClassificationError) {
            var reader = ParameterReader()
            for item in try Self.query(request) {
                guard item.name == "class" else {
                    throw .badRequest(
                        "There is no parameter '\(item.name.abbreviated)' here; there is 'class', the index of the class to explain.")
                }
                try reader.set(item.name, to: item.value)
            }
            var parameters = reader.parameters
            guard parameters.explainedClasses.count < 2 else { throw .badRequest("The parameter 'class' names several classes; name one.") }
            parameters.model = request.parameters["name"]
            parameters.version = request.parameters["version"]
            parameters.attention = .none
            parameters.mapSize = 0
            parameters.explanation = .cam
            let answer = try await service.classify(
                picture, parameters: parameters, received: request.timings.lastByte, client: request.client)
            journal.note(answer, pictures: 1, of: request)
            guard let map = answer.explanation?.first, let values = map.values else { throw .inferenceFailed }
            return ServerResponse(
                json: service.metrics.encoding(model: answer.model) { Self.rows(values, width: map.shape.last ?? 1) })
        } catch {
            throw failed(error, request)
        }
    }

    private static func query(_ request: ServerRequest) throws(ClassificationError) -> [Query.Item] {
        do throws(Problem) { return try request.query.items } catch { throw .badRequest(error.detail) }
    }

    private static func rows(_ values: [Float], width: Int) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16 * values.count)
        writer.array { writer in
            for start in stride(from: 0, to: values.count, by: max(width, 1)) { writer.value(Array(values[start..<start + width])) }
        }
        return writer.bytes
    }

    /// A full queue is told before the picture is read.
    private func overload(_ request: ServerRequest) -> Problem? {
        journal.overload(of: request, by: service, model: request.parameters["name"], version: request.parameters["version"])
    }

    private func predictions(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let picture = try await picture(of: request)
        var parameters = ClassifyParameters()
        parameters.model = request.parameters["name"]
        parameters.version = request.parameters["version"]
        parameters.topK = Self.classes
        parameters.attention = .none
        do throws(ClassificationError) {
            let answer = try await service.classify(
                picture, parameters: parameters, received: request.timings.lastByte, client: request.client)
            journal.note(answer, pictures: 1, of: request)
            return ServerResponse(json: service.metrics.encoding(model: answer.model) { Self.json(answer.predictions) })
        } catch {
            throw failed(error, request)
        }
    }

    /// Notes what failed, and tells it.
    private func failed(_ error: ClassificationError, _ request: ServerRequest) -> Problem {
        if let served = try? service.store.served(request.parameters["name"], version: request.parameters["version"]) {
            journal.note(failed: served, pictures: 1, of: request)
        }
        return error.problem
    }

    private func picture(of request: ServerRequest) async throws(Problem) -> [UInt8] {
        let isLong = request.body.count > ClassificationService.longBody
        return try await service.compute(isLong: isLong, for: request.client, orThrow: ClassificationError.abandoned.problem) {
            () throws(Problem) in try Self.picture(in: request)
        }
    }

    private static func picture(in request: ServerRequest) throws(Problem) -> [UInt8] {
        let type = request.head.headerFields[.contentType] ?? ""
        var picture = request.body
        if type.lowercased().hasPrefix("multipart/form-data") {
            let parts = try Multipart(body: request.body, contentType: type).parts.filter { partNames.contains($0.name) }
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
