import HTTPTypes
import Logging

/// Sends requests to the route that fits their method and path.
///
/// No path: 404. No method: 405 with `Allow` (RFC 9110, 15.5.6). HEAD is answered by GET's route, and OPTIONS with `Allow`, unless a route says
/// otherwise. A `Problem` that a route throws is rendered; any other error is logged and answered 500 without its text.
public struct Router: Handler {
    /// What answers a route's requests.
    public typealias Respond = @Sendable (ServerRequest) async throws -> ServerResponse
    /// Takes a request whose answer needs no task of its own, or says that `Respond` is to be asked; called on the connection's loop: it must be quick and
    /// must not block.
    public typealias Take = @Sendable (ServerRequest, RouteReply) throws(Problem) -> Bool
    /// Why a route's request is refused before its body is read; called on the connection's loop: it must be quick and must not block.
    public typealias Refuse = @Sendable (ServerRequest) -> Problem?

    private struct Method: Sendable {
        var method: HTTPRequest.Method
        var access: RouteAccess
        var policy: BodyPolicy
        var refuse: Refuse
        var take: Take?
        var respond: Respond
    }

    private struct Route: Sendable {
        var pattern: RoutePattern
        var methods: [Method]

        /// What answers a method: HEAD is GET's, unless it has an answer of its own.
        func method(_ method: HTTPRequest.Method) -> Method? {
            if let found = methods.first(where: { $0.method == method }) { return found }
            return method == .head ? methods.first { $0.method == .get } : nil
        }
    }

    private enum Match {
        case route(pattern: String, parameters: [String: String], method: Method)
        case options(allow: String)
        case problem(Problem)
    }

    /// How problems are told.
    public var problems: ProblemRenderer
    /// The detail of a 404; by default it names the path.
    public var notFound: @Sendable (ServerRequest) -> Problem = { request in
        Problem(.notFound, "There is nothing at '\(request.path)'.")
    }
    /// Why a request may not use a route of this kind; `nil` where it may. Paths without a route are asked about as `user`, so that nobody learns
    /// what there is without a token. Called on the connection's loop: it must be quick and must not block.
    public var authorize: @Sendable (ServerRequest, RouteAccess) -> Problem? = { _, _ in nil }
    private let logger: Logger
    private var routes: [Route] = []
    /// The places in `routes` of patterns without parameters.
    private var literals: [Substring: Int] = [:]

    /// A router without routes.
    public init(problems: ProblemRenderer = ProblemRenderer(), logger: Logger = Logger(label: "fovea.http")) {
        self.problems = problems
        self.logger = logger
    }

    /// Adds a route.
    ///
    /// - Parameters:
    ///   - pattern: such as `/models/{name}`; the values of `{…}` are in `ServerRequest.parameters`.
    ///   - access: who may use it.
    ///   - body: whether a body must be announced (411), and how large it may be (413).
    ///   - refuse: whether the request is turned away by its head alone, such as when a queue is full.
    ///   - take: takes those requests whose answers need no task of their own.
    ///   - respond: the answer; it may throw a `Problem`.
    public mutating func on(
        _ method: HTTPRequest.Method, _ pattern: String, access: RouteAccess = .user, body: BodyPolicy = .optional,
        refuse: @escaping Refuse = { _ in nil }, take: Take? = nil, _ respond: @escaping Respond
    ) {
        let method = Method(method: method, access: access, policy: body, refuse: refuse, take: take, respond: respond)
        if let index = routes.firstIndex(where: { $0.pattern.text == pattern }) {
            routes[index].methods.removeAll { $0.method == method.method }
            routes[index].methods.append(method)
            return
        }
        routes.append(Route(pattern: RoutePattern(pattern), methods: [method]))
        routes.sort { $0.pattern.literals > $1.pattern.literals }
        literals = [:]
        for (index, route) in routes.enumerated() where route.pattern.literals == route.pattern.segments.count {
            literals[route.pattern.text[...]] = index
        }
    }

    /// Adds a route that is answered on the connection's own loop, whatever keeps the tasks busy: probes, whose lateness is taken for a failure.
    ///
    /// - Parameter answer: called on the connection's loop: it must be quick and must not block.
    public mutating func onLoop(
        _ method: HTTPRequest.Method, _ pattern: String, access: RouteAccess = .user,
        _ answer: @escaping @Sendable (ServerRequest) throws(Problem) -> ServerResponse
    ) {
        on(
            method, pattern, access: access,
            take: { request, reply throws(Problem) in
                reply.post(.success(try answer(request)))
                reply.ring()
                return true
            }, { request in try answer(request) })
    }

    /// The pattern of the route that a path without query belongs to, whatever the method; `nil` where there is none.
    public func route(of path: String) -> String? {
        if let index = literals[path[...]] { return routes[index].pattern.text }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { PercentCoding.decode($0) }
        let decoded = segments.compactMap { $0 }
        guard decoded.count == segments.count else { return nil }
        return routes.first { $0.pattern.match(decoded) != nil }?.pattern.text
    }

    /// Refuses a request that no route takes before its body is read.
    public func admit(_ head: ServerRequest) -> Admission {
        switch match(head) {
        case .route(let pattern, let parameters, let method):
            var head = head
            head.route = pattern
            head.parameters = parameters
            if method.policy.needsLength, let problem = Self.encodingProblem(head) {
                return .refuse(problems.render(problem, path: head.path, requestID: head.id))
            }
            if let problem = method.refuse(head) { return .refuse(problems.render(problem, path: head.path, requestID: head.id)) }
            return .accept(method.policy)
        case .options: return .accept(.optional)
        case .problem(let problem): return .refuse(problems.render(problem, path: head.path, requestID: head.id))
        }
    }

    /// Has the route take the request, where it is one that takes any.
    public func take(_ request: ServerRequest, _ reply: Reply) -> Bool {
        guard case .route(let pattern, let parameters, let method) = match(request), let take = method.take else { return false }
        var request = request
        request.route = pattern
        request.parameters = parameters
        let reply = RouteReply(reply, to: request, problems: problems)
        do throws(Problem) {
            return try take(request, reply)
        } catch {
            reply.post(.failure(error))
            reply.ring()
            return true
        }
    }

    /// The route's answer, or a problem.
    public func respond(to request: ServerRequest) async -> ServerResponse {
        switch match(request) {
        case .route(let pattern, let parameters, let method):
            var request = request
            request.route = pattern
            request.parameters = parameters
            do {
                return try await method.respond(request)
            } catch let problem as Problem {
                return problems.render(problem, path: request.path, requestID: request.id)
            } catch {
                logger.error("A route failed.", metadata: ["route": "\(pattern)", "id": "\(request.id)", "error": "\(error)"])
                let problem = Problem(.internalServerError, "The server failed to answer; its log tells more under this request_id.")
                return problems.render(problem, path: request.path, requestID: request.id)
            }
        case .options(let allow):
            return ServerResponse(status: .noContent, fields: [.allow: allow])
        case .problem(let problem):
            return problems.render(problem, path: request.path, requestID: request.id)
        }
    }

    /// Bodies are read as they come (RFC 9110, 15.5.16).
    private static func encodingProblem(_ head: ServerRequest) -> Problem? {
        let codings = head.head.headerFields[values: .contentEncoding]
        guard codings.contains(where: { !ASCII.equalsIgnoringCase($0.utf8, "identity") }) else { return nil }
        return Problem(
            .unsupportedMediaType, "The body comes with a Content-Encoding; send it without one.", fields: [.acceptEncoding: "identity"])
    }

    private func match(_ request: ServerRequest) -> Match {
        let (match, access) = find(request)
        if let problem = authorize(request, access) { return .problem(problem) }
        return match
    }

    private func find(_ request: ServerRequest) -> (Match, RouteAccess) {
        let method = request.head.method
        if request.head.path == "*" {
            return (method == .options ? .options(allow: allow(routes)) : .problem(notFound(request)), .user)
        }
        // Of all patterns that fit, the one without parameters wins; a path that is spelled as it needs no decoding.
        if let index = literals[request.path], let found = routes[index].method(method) {
            return (.route(pattern: routes[index].pattern.text, parameters: [:], method: found), found.access)
        }
        var path: [String] = []
        for part in request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let segment = PercentCoding.decode(part) else {
                return (.problem(Problem(.badRequest, "The path's segment '\(part)' is not valid percent-encoded UTF-8.")), .user)
            }
            path.append(segment)
        }
        var fitting: [Route] = []
        for route in routes {
            guard let parameters = route.pattern.match(path) else { continue }
            if let found = route.method(method) {
                return (.route(pattern: route.pattern.text, parameters: parameters, method: found), found.access)
            }
            fitting.append(route)
        }
        if fitting.isEmpty { return (.problem(notFound(request)), .user) }
        let allow = allow(fitting)
        if method == .options { return (.options(allow: allow), .user) }
        let problem = Problem(
            .methodNotAllowed, "'\(request.path)' does not answer \(method.rawValue), but \(allow).", fields: [.allow: allow])
        return (.problem(problem), .user)
    }

    private func allow(_ routes: [Route]) -> String {
        var methods: Set<String> = ["OPTIONS"]
        for method in routes.flatMap(\.methods).map(\.method) {
            methods.insert(method.rawValue)
            if method == .get { methods.insert("HEAD") }
        }
        return methods.sorted().joined(separator: ", ")
    }
}
