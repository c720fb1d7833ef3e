import FoveaHTTP
import HTTPTypes

/// `POST /classify`.
struct ClassifyRoute: Sendable {
    private let answers: ClassifyAnswers

    init(service: ClassificationService, journal: RequestJournal) { answers = ClassifyAnswers(service: service, journal: journal) }

    /// Takes a request whose body is one picture, to be answered by the worker that runs it through the network. Forms and JSON take long to read, and
    /// drawings to draw: these have a task.
    func take(_ request: ServerRequest, _ reply: RouteReply) throws(Problem) -> Bool {
        guard ClassifyBody.isPicture(request) else { return false }
        let body = try ClassifyBody(picture: request)
        guard let classify = SingleClassification(body, request, answers) else { return false }
        classify.begin(reply.post, settle: reply.ring)
        return true
    }

    /// One picture answers one object; several answer a list, with the problem of a picture that failed in its place.
    func respond(to request: ServerRequest) async throws(Problem) -> ServerResponse {
        let isLong = request.body.count > ClassificationService.longBody
        let body = try await answers.service.compute(
            isLong: isLong, for: request.client, orThrow: ClassificationError.abandoned.problem
        ) { () throws(Problem) in try ClassifyBody(request) }
        if let classify = SingleClassification(body, request, answers) {
            return try await withCheckedContinuation { continuation in classify.begin { continuation.resume(returning: $0) } }.get()
        }
        let (service, journal, received) = (answers.service, answers.journal, request.timings.lastByte)
        do throws(ClassificationError) {
            if body.parameters.format == .npy { try NumPyAnswer.check(body.parameters, pictures: body.pictures.count) }
            if body.pictures.count == 1, let picture = body.pictures.first {
                let answer = try await service.classify(
                    picture, parameters: body.parameters, received: received, client: request.client)
                journal.note(answer, pictures: 1, of: request)
                return try await service.compute(
                    isLong: answer.isLong, for: request.client, orThrow: ClassificationError.abandoned
                ) { [answers] () throws(ClassificationError) in try answers.response(answer, body.parameters) }
            }
            var results = try await service.classify(
                body.pictures, parameters: body.parameters, received: received, client: request.client
            ) { result throws(ClassificationError) -> (json: [UInt8], answer: Classification?) in
                switch result {
                case .success(var answer):
                    let json = try await service.compute(
                        isLong: answer.isLong, for: request.client, orThrow: ClassificationError.abandoned
                    ) { [answer] () throws(ClassificationError) in
                        service.metrics.encoding(model: answer.model) { answer.json() }
                    }
                    answer.attention = []
                    answer.explanation = nil
                    return (json, answer)
                case .failure(let error): return (error.problem.json(requestID: request.id), nil)
                }
            }
            if let answer = results.lazy.compactMap(\.answer).first {
                journal.note(answer, pictures: results.count, of: request)
            } else {
                answers.noteFailed(body, request)
            }
            var writer = JSONWriter(reservingCapacity: results.reduce(64) { $0 + $1.json.count + 1 })
            writer.object { writer in
                writer.array("results") { writer in
                    for index in results.indices {
                        writer.raw(results[index].json)
                        // What is copied goes at once, so that the whole takes no memory twice.
                        results[index].json = []
                    }
                }
            }
            var response = ServerResponse(json: writer.bytes)
            response.account = results.compactMap(\.answer?.drawings)
            return response
        } catch {
            throw answers.failed(error, body, request)
        }
    }
}
