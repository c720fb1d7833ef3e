import FoveaHTTP

/// A `POST /classify` of one picture without drawings, the commonest of all: answered by the worker that runs the picture, without a task in between.
struct SingleClassification: Sendable {
    private let answers: ClassifyAnswers
    private let body: ClassifyBody
    private let request: ServerRequest
    private let picture: [UInt8]

    /// - Returns: `nil` where it is none.
    init?(_ body: ClassifyBody, _ request: ServerRequest, _ answers: ClassifyAnswers) {
        guard body.pictures.count == 1, let picture = body.pictures.first, body.parameters.overlay == .none else { return nil }
        (self.body, self.request, self.answers, self.picture) = (body, request, answers, picture)
    }

    /// - Parameters:
    ///   - post: gets the answer, once.
    ///   - settle: called after that, once the answers to all pictures that shared the pass were posted.
    func begin(_ post: @escaping @Sendable (Result<ServerResponse, Problem>) -> Void, settle: @escaping @Sendable () -> Void = {}) {
        do throws(ClassificationError) {
            if body.parameters.format == .npy { try NumPyAnswer.check(body.parameters, pictures: 1) }
            let resolved = try ResolvedRequest(body.parameters, store: answers.service.store)
            try resolved.checkNumbers(pictures: 1)
            try answers.service.holdMaps(resolved, pictures: 1, for: request.client)
            var receiver = PassReceiver(take: { post(answer($0, resolved)) }, settle: settle)
            if resolved.passNumbers > ClassificationService.longAnswer {
                // No worker is kept from its next pass for as long.
                let (short, service) = (receiver, answers.service)
                receiver = PassReceiver { result in service.compute { short.finish(result) } }
            }
            try answers.service.pass(
                .picture(picture), through: resolved.served, contents: resolved.contents, received: request.timings.lastByte,
                client: request.client, to: receiver)
        } catch {
            post(.failure(answers.failed(error, body, request)))
            settle()
        }
    }

    private func answer(
        _ result: Result<PicturePass, ClassificationError>, _ resolved: ResolvedRequest
    ) -> Result<ServerResponse, Problem> {
        do throws(ClassificationError) {
            let answer = resolved.classification(try result.get(), received: request.timings.lastByte)
            answers.journal.note(answer, pictures: 1, of: request)
            return .success(try answers.response(answer, body.parameters))
        } catch {
            return .failure(answers.failed(error, body, request))
        }
    }
}
