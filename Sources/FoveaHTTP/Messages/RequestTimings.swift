import FoveaSystem

/// When the parts of a request arrived.
public struct RequestTimings: Sendable, Equatable {
    /// The first byte of the request line was read.
    public var firstByte: Instant
    /// The head was complete.
    public var head: Instant
    /// The last byte of the body was read.
    public var lastByte: Instant

    /// Times of a request that arrived at once, now unless told otherwise.
    public init(at instant: Instant = .now) {
        firstByte = instant
        head = instant
        lastByte = instant
    }
}
