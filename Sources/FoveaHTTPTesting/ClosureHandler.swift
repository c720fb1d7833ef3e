import FoveaHTTP

/// A handler made of a closure.
public struct ClosureHandler: Handler {
    private let answer: @Sendable (ServerRequest) async -> ServerResponse

    /// Wraps a closure.
    public init(_ answer: @escaping @Sendable (ServerRequest) async -> ServerResponse) {
        self.answer = answer
    }

    /// The closure's answer.
    public func respond(to request: ServerRequest) async -> ServerResponse {
        await answer(request)
    }
}
