import HTTPTypes

/// An answer with its whole body.
///
/// `Content-Length`, `Date`, `X-Request-Id` and, where it is due, `Connection: close` are added on the way out. A handler that sets
/// `Connection: close` has the connection closed after the answer.
public struct ServerResponse: Sendable {
    /// Status and fields.
    public var head: HTTPResponse
    /// The body; never sent in answer to HEAD, nor with 204 and 304.
    public var body: [UInt8]
    /// Let go once the answer was handed to the system or its connection is closed: whatever accounts for the memory of the body.
    public var account: (any Sendable)?

    /// An answer.
    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.head = HTTPResponse(status: status, headerFields: fields)
        self.body = body
    }

    /// An answer in `text/plain; charset=utf-8`.
    public init(status: HTTPResponse.Status = .ok, text: String, fields: HTTPFields = [:]) {
        self.init(status: status, fields: fields, body: Array(text.utf8))
        head.headerFields[.contentType] = "text/plain; charset=utf-8"
    }

    /// An answer in `application/json`.
    ///
    /// - Parameter json: the encoded JSON text.
    public init(status: HTTPResponse.Status = .ok, json: [UInt8], fields: HTTPFields = [:]) {
        self.init(status: status, fields: fields, body: json)
        head.headerFields[.contentType] = "application/json"
    }
}
