import HTTPTypes

/// The token that a request brings in `Authorization: Bearer …` (RFC 6750, 2.1). It describes itself without its text, so that no log can hold it.
public struct BearerToken: Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    /// The token of a request's fields; `nil` where there is none, another scheme, two of them, or one that is no `b64token`.
    public init?(_ fields: HTTPFields) {
        let values = fields[values: .authorization]
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.utf8.split(separator: ASCII.space, maxSplits: 1)
        // RFC 9110, 11.1: the scheme's case does not matter.
        guard parts.count == 2, ASCII.equalsIgnoringCase(parts[0], "bearer") else { return nil }
        let token = ASCII.trimmed(ArraySlice(parts[1]))
        guard Self.isToken(token) else { return nil }
        bytes = Array(token)
    }

    /// `Bearer` and no more.
    public var description: String { "Bearer" }

    /// `b64token` of RFC 6750, 2.1.
    static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        let end = bytes.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? bytes.startIndex
        return end > bytes.startIndex && bytes[..<end].allSatisfy { ASCII.isDigit($0) || ASCII.isAlpha($0) || "-._~+/".utf8.contains($0) }
    }
}
