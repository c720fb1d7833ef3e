import HTTPTypes

extension HTTPField.Name {
    /// `X-Request-Id`, which every answer carries.
    public static let requestID = known("X-Request-Id")
    static let traceParent = known("traceparent")
    static let host = known("Host")
    static let contentTransferEncoding = known("Content-Transfer-Encoding")

    /// A name that the source spells out, and so is known to be a token.
    package static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("'\(text)' is not a token") }
        return name
    }
}
