/// Turns problems into answers, in the form that the clients of a path expect.
///
/// Problem documents everywhere, unless a path's prefix has a form of its own. The same renderer serves the router and the connection, so that a
/// framing error and a missing route look alike.
public struct ProblemRenderer: Sendable {
    /// Turns a problem into an answer; the second argument is the request's id.
    public typealias Form = @Sendable (Problem, String) -> ServerResponse

    private var forms: [(prefix: String, form: Form)] = []

    /// Problem documents everywhere.
    public init() {}

    /// Gives a path, and all paths below it, a form of their own; among several that fit the longest wins.
    ///
    /// - Parameter prefix: such as `/v2`, which covers `/v2` and `/v2/…` but not `/v20`.
    public mutating func use(_ form: @escaping Form, below prefix: String) {
        forms.append((prefix, form))
        forms.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    /// The answer that tells a problem.
    ///
    /// - Parameter path: the request's path, `nil` when it was not understood.
    public func render(_ problem: Problem, path: Substring?, requestID: String) -> ServerResponse {
        if let path {
            for (prefix, form) in forms where path.hasPrefix(prefix) {
                let rest = path.dropFirst(prefix.count)
                if rest.isEmpty || rest.first == "/" || rest.first == "?" { return form(problem, requestID) }
            }
        }
        return problem.response(requestID: requestID)
    }
}
