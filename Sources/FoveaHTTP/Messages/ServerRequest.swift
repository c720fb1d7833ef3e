import HTTPTypes

/// A request with its whole body.
public struct ServerRequest: Sendable {
    /// Method, path with query (origin-form, or `*`), authority and fields. Absolute-form targets were split into these.
    public var head: HTTPRequest
    /// The body, with any chunked coding removed.
    public var body: [UInt8]
    /// The request's own `X-Request-Id`, or one made for it.
    public var id: String
    /// The client's address and port as text, such as `127.0.0.1:53211`; `nil` where there is no socket.
    public var remoteAddress: String?
    /// Tells whether the client still waits.
    public var client: ClientConnection
    /// When the request's parts arrived.
    public var timings: RequestTimings
    /// The values of the route's `{name}` segments, percent-decoded. Set by `Router`.
    public var parameters: [String: String]
    /// The pattern of the route that was taken, such as `/models/{name}`. Set by `Router`.
    public var route: String?

    /// A request, such as a test makes.
    public init(
        head: HTTPRequest, body: [UInt8] = [], id: String, remoteAddress: String? = nil, client: ClientConnection = ClientConnection(),
        timings: RequestTimings = RequestTimings()
    ) {
        self.head = head
        self.body = body
        self.id = id
        self.remoteAddress = remoteAddress
        self.client = client
        self.timings = timings
        self.parameters = [:]
    }

    /// The target's path without its query, still percent-encoded.
    public var path: Substring {
        let target = head.path ?? "/"
        return target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
    }

    /// The target's query, decoded.
    ///
    /// - Throws: a 400 `Problem` that names the wrong part of the query.
    public var query: Query {
        get throws(Problem) {
            guard let target = head.path, let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return Query() }
            return try Query(parsing: target[target.utf8.index(after: mark)...])
        }
    }
}
