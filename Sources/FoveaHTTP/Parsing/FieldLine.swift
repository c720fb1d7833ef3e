import HTTPTypes

/// One header or trailer line (RFC 9112, 5).
struct FieldLine {
    var name: HTTPField.Name
    var value: ArraySlice<UInt8>

    /// Splits `name: value`.
    ///
    /// - Throws: 400 for a folded line (5.2), white space before the colon (5.1), a name that is no token, and a missing colon.
    init(parsing line: [UInt8]) throws(Problem) {
        if let first = line.first, first == ASCII.space || first == ASCII.tab {
            throw Problem(.badRequest, "A header line starts with white space; folded lines are obsolete (RFC 9112, 5.2).")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw Problem(.badRequest, "A header line has no colon (RFC 9112, 5).")
        }
        let rawName = line[..<colon]
        if let last = rawName.last, last == ASCII.space || last == ASCII.tab {
            throw Problem(.badRequest, "White space stands between a header's name and its colon (RFC 9112, 5.1).")
        }
        guard rawName.allSatisfy(ASCII.isToken), let name = HTTPField.Name(String(decoding: rawName, as: UTF8.self)) else {
            throw Problem(.badRequest, "A header's name is not a token (RFC 9110, 5.6.2).")
        }
        self.name = name
        value = ASCII.trimmed(line[(colon + 1)...])
    }
}
