/// The grammar of chunk extensions (RFC 9112, 7.1.1): `*( BWS ";" BWS name [ BWS "=" BWS value ] )`, a value being a token or a quoted string.
///
/// Nothing here needs one, but two parsers that disagree about where a broken one ends are what request smuggling needs.
enum ChunkExtensions {
    /// Whether what follows a chunk's size is extensions and nothing else. No control character but a tab is among the bytes.
    static func areValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            skipSpace(&rest)
            guard take(UInt8(ascii: ";"), &rest) else { return false }
            skipSpace(&rest)
            guard takeToken(&rest) else { return false }
            let afterName = rest
            skipSpace(&rest)
            guard take(UInt8(ascii: "="), &rest) else {
                // The space may stand before the next semicolon.
                rest = afterName
                continue
            }
            skipSpace(&rest)
            guard takeToken(&rest) || takeQuoted(&rest) else { return false }
        }
        return true
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop { $0 == ASCII.space || $0 == ASCII.tab }
    }

    private static func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func takeToken(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let end = rest.firstIndex { !ASCII.isToken($0) } ?? rest.endIndex
        guard end > rest.startIndex else { return false }
        rest = rest[end...]
        return true
    }

    /// RFC 9110, 5.6.4.
    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take(UInt8(ascii: "\""), &rest) else { return false }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\"), rest.popFirst() == nil { return false }
        }
        return false
    }
}
