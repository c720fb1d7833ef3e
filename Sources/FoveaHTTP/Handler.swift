import HTTPTypes

/// A request with its whole body.
public struct ServerRequest: Sendable {
    public var head: HTTPRequest
    public var body: [UInt8]
    /// The request's own `X-Request-Id`, or one made for it.
    public var id: String

    public init(head: HTTPRequest, body: [UInt8] = [], id: String) {
        self.head = head
        self.body = body
        self.id = id
    }
}

/// An answer with its whole body.
public struct ServerResponse: Sendable {
    public var head: HTTPResponse
    public var body: [UInt8]

    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.head = HTTPResponse(status: status, headerFields: fields)
        self.body = body
    }
}

/// What answers requests. It never throws: an error is an answer too.
public protocol Handler: Sendable {
    func respond(to request: ServerRequest) async -> ServerResponse
}
