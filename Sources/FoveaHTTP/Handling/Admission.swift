/// What a handler says to a request's head, before the body was read.
public enum Admission: Sendable {
    /// Read the body, then ask the handler.
    case accept(BodyPolicy)
    /// Answer at once; the body is not wanted (RFC 9110, 10.1.1: a client that waits for `100 Continue` never sends it).
    case refuse(ServerResponse)
}

/// What a route expects of a request's body.
public struct BodyPolicy: Sendable, Equatable {
    /// Whether a request without `Content-Length` and without `Transfer-Encoding` is answered 411.
    public var needsLength: Bool
    /// The most bytes of body, below the server's own limit; `nil` leaves that one. More is answered 413.
    public var limit: Int?

    /// A policy of its own.
    public init(needsLength: Bool = false, limit: Int? = nil) {
        self.needsLength = needsLength
        self.limit = limit
    }

    /// A body may be there.
    public static let optional = BodyPolicy()
    /// A body must be announced.
    public static let required = BodyPolicy(needsLength: true)
}
