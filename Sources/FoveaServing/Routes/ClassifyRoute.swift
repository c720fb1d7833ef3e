import FoveaHTTP
import HTTPTypes

/// `POST /classify`.
struct ClassifyRoute: Sendable {
    let service: ClassificationService
    let journal: RequestJournal

    /// One picture answers one object; several answer a list, with the problem of a picture that failed in its place.
    func respond(to request: ServerRequest) async throws(Problem) -> ServerResponse {
        let body = try ClassifyBody(request)
        let received = request.timings.lastByte
        do throws(ClassificationError) {
            if body.parameters.format == .npy { try NumPyAnswer.check(body.parameters, pictures: body.pictures.count) }
            if body.pictures.count == 1, let picture = body.pictures.first {
                let answer = try await service.classify(
                    picture, parameters: body.parameters, received: received, client: request.client)
                journal.note(answer, pictures: 1, of: request.id)
                if body.parameters.format == .npy {
                    return try service.metrics.encoding(model: answer.model) {
                        Result { () throws(ClassificationError) in try NumPyAnswer(answer).response() }
                    }.get()
                }
                var response = ServerResponse(json: service.metrics.encoding(model: answer.model) { answer.json() })
                response.account = answer.drawings
                return response
            }
            let results = try await service.classify(
                body.pictures, parameters: body.parameters, received: received, client: request.client
            ) { result -> (json: [UInt8], answer: Classification?) in
                switch result {
                case .success(var answer):
                    let json = service.metrics.encoding(model: answer.model) { answer.json() }
                    answer.attention = []
                    answer.explanation = nil
                    return (json, answer)
                case .failure(let error): return (error.problem.json(requestID: request.id), nil)
                }
            }
            if let answer = results.lazy.compactMap(\.answer).first { journal.note(answer, pictures: results.count, of: request.id) }
            var writer = JSONWriter(reservingCapacity: results.reduce(64) { $0 + $1.json.count + 1 })
            writer.object { writer in
                writer.key("results")
                writer.array { writer in
                    for result in results { writer.raw(result.json) }
                }
            }
            var response = ServerResponse(json: writer.bytes)
            response.account = results.compactMap(\.answer?.drawings)
            return response
        } catch {
            if let served = try? service.store.served(body.parameters.model, version: body.parameters.version) {
                journal.note(failed: served, pictures: body.pictures.count, of: request.id)
            }
            throw error.problem
        }
    }
}
