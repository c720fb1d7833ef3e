import HTTPTypes

/// The target of a request line (RFC 9112, 3.2), in any of its forms.
struct RequestTarget: Equatable {
    /// Path and query, `/` at least; `*` for the asterisk-form; `nil` for CONNECT's authority-form.
    var path: String?
    /// The authority of an absolute-form, which wins over `Host` (RFC 9112, 3.2.2), or of CONNECT.
    var authority: String?

    /// - Throws: 400 that says which rule the target breaks.
    init(parsing bytes: ArraySlice<UInt8>, method: HTTPRequest.Method) throws(Problem) {
        if method == .connect {
            guard Self.isAuthority(bytes), bytes.contains(UInt8(ascii: ":")) else {
                throw Problem(.badRequest, "The target of CONNECT is not host:port (RFC 9112, 3.2.3).")
            }
            authority = String(decoding: bytes, as: UTF8.self)
            return
        }
        if bytes.elementsEqual("*".utf8) {
            guard method == .options else { throw Problem(.badRequest, "The target '*' is for OPTIONS alone (RFC 9112, 3.2.4).") }
            path = "*"
            return
        }
        if bytes.first == UInt8(ascii: "/") {
            path = try Self.path(bytes)
            return
        }
        guard let scheme = ["http://", "https://"].first(where: { Self.hasPrefix(bytes, $0) }) else {
            throw Problem(.badRequest, "The request target starts neither with '/' nor with 'http://' (RFC 9112, 3.2).")
        }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
        guard end > rest.startIndex, Self.isAuthority(rest[..<end]) else {
            throw Problem(.badRequest, "The host in the request target is not valid (RFC 9110, 4.2.1).")
        }
        authority = String(decoding: rest[..<end], as: UTF8.self)
        let tail = rest[end...]
        // RFC 9112, 3.2.4: OPTIONS on an absolute-form without a path is the asterisk-form.
        if tail.isEmpty, method == .options {
            path = "*"
        } else {
            path = try Self.path(tail.first == UInt8(ascii: "/") ? tail : ArraySlice("/".utf8) + tail)
        }
    }

    /// `absolute-path [ "?" query ]` as text.
    ///
    /// The path is held to RFC 3986; the query may hold any visible character but `#`, since browsers leave `|`, `[` and the like as they are.
    /// Dot segments, plain or encoded, are refused rather than resolved: no client of ours needs them, and resolving is where traversal starts.
    private static func path(_ bytes: ArraySlice<UInt8>) throws(Problem) -> String {
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        for (index, byte) in zip(bytes.indices, bytes) {
            if byte == UInt8(ascii: "#") { throw Problem(.badRequest, "The request target holds a fragment '#' (RFC 9112, 3.2).") }
            if index >= mark {
                guard byte > 0x20, byte < 0x7f else {
                    throw Problem(.badRequest, "The query holds a byte that must be percent-encoded (RFC 3986, 3.4).")
                }
                continue
            }
            let allowed =
                ASCII.isUnreservedOrSubDelimiter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
                || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "%")
            guard allowed else { throw Problem(.badRequest, "The path holds a byte that must be percent-encoded (RFC 3986, 3.3).") }
        }
        for segment in bytes[..<mark].split(separator: UInt8(ascii: "/")) {
            // What is longer and not encoded is no dot segment.
            let isEncoded = segment.contains(UInt8(ascii: "%"))
            guard isEncoded || segment.count <= 2 else { continue }
            let text = String(decoding: segment, as: UTF8.self)
            guard let decoded = PercentCoding.decode(text) else {
                throw Problem(.badRequest, "The path's segment '\(text)' is not valid percent-encoded UTF-8 (RFC 3986, 2.1).")
            }
            if decoded == "." || decoded == ".." {
                throw Problem(.badRequest, "The path holds a dot segment; send the path without it (RFC 3986, 5.2.4).")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `host [ ":" port ]` without user information (RFC 9110, 4.2.4, says to refuse that).
    static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
        var host = bytes
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close - bytes.startIndex > 2 else { return false }
            let address = bytes[(bytes.startIndex + 1)..<close]
            guard address.allSatisfy({ ASCII.isUnreservedOrSubDelimiter($0) || $0 == UInt8(ascii: ":") }) else { return false }
            host = bytes[(close + 1)...]
            guard host.isEmpty || host.first == UInt8(ascii: ":") else { return false }
            return host.dropFirst().allSatisfy(ASCII.isDigit)
        }
        if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            guard bytes[(colon + 1)...].allSatisfy(ASCII.isDigit) else { return false }
            host = bytes[..<colon]
            if host.isEmpty { return false }
        }
        guard host.allSatisfy({ ASCII.isUnreservedOrSubDelimiter($0) || $0 == UInt8(ascii: "%") }) else { return false }
        // A list of hosts joined by a proxy is two hosts (RFC 9112, 3.2), though the grammar's sub-delims would let the comma pass.
        guard !host.contains(UInt8(ascii: ",")) else { return false }
        return !host.contains(UInt8(ascii: "%")) || PercentCoding.decode(String(decoding: host, as: UTF8.self)) != nil
    }

    private static func hasPrefix(_ bytes: ArraySlice<UInt8>, _ lowercase: String) -> Bool {
        zip(bytes, lowercase.utf8).allSatisfy { ASCII.lowercased($0) == $1 } && bytes.count >= lowercase.utf8.count
    }
}
