import HTTPTypes

/// How a request's body is delimited (RFC 9112, 6.3).
package enum BodyFraming: Sendable, Equatable {
    /// Neither `Content-Length` nor `Transfer-Encoding`: no body.
    case none
    /// So many bytes.
    case length(Int)
    /// The chunked coding.
    case chunked
}

/// A request without its body, and what its head means for the connection.
package struct RequestHead: Sendable {
    package var request: HTTPRequest
    package var isHTTP10: Bool
    package var framing: BodyFraming
    /// Whether the client allows another request on this connection (RFC 9112, 9.3).
    package var keepAlive: Bool
    /// Whether the client waits for `100 Continue` (RFC 9110, 10.1.1).
    package var expectsContinue: Bool
    /// The request's own id, where it is a token of at most 128 characters.
    package var requestID: String?
}
