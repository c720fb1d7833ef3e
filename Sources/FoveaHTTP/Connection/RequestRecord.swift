import HTTPTypes

/// One answered request, for logs and metrics.
public struct RequestRecord: Sendable {
    /// The request's id.
    public var id: String
    /// `nil` when the request line was not understood.
    public var method: HTTPRequest.Method?
    /// The path without its query; `nil` when the request line was not understood.
    public var path: String?
    /// The answer's status.
    public var status: HTTPResponse.Status
    /// Body bytes read.
    public var requestBytes: Int
    /// Body bytes of the answer.
    public var responseBytes: Int
    /// From the request's first byte to the last of its body; zero where the body was not read to its end.
    public var receiving: Duration
    /// From the request's first byte to the answer being handed to the socket.
    public var duration: Duration
    /// The client's address and port.
    public var remoteAddress: String?
    /// The trace that the client's `traceparent` names.
    public var trace: TraceContext?
    /// What the handler left for the observer.
    public var note: (any Sendable)?
}
