import HTTPTypes

/// The parts of a `multipart/form-data` body (RFC 7578; the framing is RFC 2046, 5.1).
public struct Multipart: Sendable {
    /// One part.
    public struct Part: Sendable {
        /// The form field's name.
        public var name: String
        /// The part's media type; `nil` when it said none (then it is `text/plain`).
        public var contentType: String?
        /// The content; a slice of the request's body, not a copy.
        public var body: ArraySlice<UInt8>

        /// The content as text, or `nil` when it is not UTF-8.
        public var text: String? {
            String(validating: body, as: UTF8.self)
        }
    }

    /// Bounds on what a body may make the parser do.
    public struct Limits: Sendable {
        /// The most parts.
        public var parts = 1_000
        /// The most bytes of one part's header.
        public var partHeaderBytes = 8_192

        /// The default limits.
        public init() {}
    }

    /// The parts in the order sent.
    public var parts: [Part]
}
