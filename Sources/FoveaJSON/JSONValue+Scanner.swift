extension JSONValue {
    /// Reads a whole JSON text (RFC 8259), which is UTF-8; a byte order mark before it is passed over.
    ///
    /// Strict where other readers are lenient or differ. A comma before a closing bracket is refused, as by Python's `json`, which timm reads
    /// with. Equal keys are too: Python takes the last and others the first, no program writes them, and which one was meant by who edited the
    /// file is a guess that would change every answer without a word.
    /// - Throws: where the text is no JSON, and why.
    public init(json bytes: [UInt8]) throws(JSONFault) {
        var scanner = JSONScanner(bytes, keyLimit: .max)
        scanner.skipByteOrderMark()
        var left = Int.max
        try self.init(&scanner, left: &left, of: .max)
        try scanner.finish()
    }

    /// Takes the next value.
    /// - Parameter left: how many of the `limit` values may come yet, this one and those within it among them: each costs many times the bytes it is
    ///   written in
    /// - Throws: what is wrong with it, and where; or that it holds more.
    package init(_ scanner: inout JSONScanner, left: inout Int, of limit: Int) throws(JSONFault) {
        guard left > 0 else { throw scanner.fault("there are more than \(limit) values") }
        left -= 1
        switch try scanner.kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try scanner.object("the value") { scanner, key throws(JSONFault) in
                members[key] = try JSONValue(&scanner, left: &left, of: limit)
            }
            self = .object(members)
        case .array:
            var elements: [JSONValue] = []
            try scanner.array("the value") { scanner, _ throws(JSONFault) in
                elements.append(try JSONValue(&scanner, left: &left, of: limit))
            }
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
