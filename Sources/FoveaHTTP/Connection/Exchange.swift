import HTTPTypes

/// A request under way on a connection, and what is known of it.
struct Exchange {
    /// The request's own id, or one made for it; empty until its head was read.
    var id = ""
    var method: HTTPRequest.Method?
    var path: String?
    var isHTTP10 = false
    var keepAlive = false
    var timings: RequestTimings
    var requestBytes = 0
    var client = ClientConnection()
    var head: RequestHead?
    var trace: TraceContext?
    /// An answer that was found before the body was read, where the body is short enough to be skipped.
    var refusal: ServerResponse?
    /// Whether the whole request was read.
    var isComplete = false
}
