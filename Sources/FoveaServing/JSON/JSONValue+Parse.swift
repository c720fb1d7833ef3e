import FoveaZoo

extension JSONValue {
    /// Reads a whole JSON text.
    /// - Throws: what is wrong with it, and at which byte.
    static func parse(_ bytes: [UInt8]) throws(ClassificationError) -> JSONValue {
        var scanner = JSONScanner(bytes)
        let value = try JSONValue(&scanner)
        try scanner.finish()
        return value
    }

    private init(_ scanner: inout JSONScanner) throws(ClassificationError) {
        switch try scanner.kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try scanner.object("the value") { scanner, key throws(ClassificationError) in members[key] = try JSONValue(&scanner) }
            self = .object(members)
        case .array:
            var elements: [JSONValue] = []
            try scanner.array("the value") { scanner, _ throws(ClassificationError) in elements.append(try JSONValue(&scanner)) }
            self = .array(elements)
        case .string: self = .string(try scanner.string("the value"))
        case .number: self = .number(try scanner.number("the value"))
        case .bool: self = .bool(try scanner.bool("the value"))
        case .null:
            _ = try scanner.null()
            self = .null
        }
    }
}
