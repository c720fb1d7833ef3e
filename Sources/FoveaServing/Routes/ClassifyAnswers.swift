import FoveaHTTP

/// What the answers to `POST /classify` have in common, whoever gives them.
struct ClassifyAnswers: Sendable {
    let service: ClassificationService
    let journal: RequestJournal

    /// The answer to one picture.
    func response(_ answer: Classification, _ parameters: ClassifyParameters) throws(ClassificationError) -> ServerResponse {
        if parameters.format == .npy {
            return try service.metrics.encoding(model: answer.model) {
                Result { () throws(ClassificationError) in try NumPyAnswer(answer).response() }
            }.get()
        }
        var response = ServerResponse(json: service.metrics.encoding(model: answer.model) { answer.json() })
        response.account = answer.drawings
        return response
    }

    /// Notes what failed, and tells it.
    func failed(_ error: ClassificationError, _ body: ClassifyBody, _ request: ServerRequest) -> Problem {
        noteFailed(body, request)
        return error.problem
    }

    /// Notes which model would have answered.
    func noteFailed(_ body: ClassifyBody, _ request: ServerRequest) {
        if let served = try? service.store.served(body.parameters.model, version: body.parameters.version) {
            journal.note(failed: served, pictures: body.pictures.count, of: request)
        }
    }
}
