/// As `Reply`, for a route, whose answer may be a problem.
public struct RouteReply: Sendable {
    private let reply: Reply
    private let problems: ProblemRenderer
    private let path: Substring
    private let requestID: String

    init(_ reply: Reply, to request: ServerRequest, problems: ProblemRenderer) {
        (self.reply, self.problems, path, requestID) = (reply, problems, request.path, request.id)
    }

    /// Hands the answer over; it may wait for `ring`.
    public func post(_ result: Result<ServerResponse, Problem>) {
        switch result {
        case .success(let response): reply.post(response)
        case .failure(let problem): reply.post(problems.render(problem, path: path, requestID: requestID))
        }
    }

    /// Has what was posted be sent.
    public func ring() { reply.ring() }
}
