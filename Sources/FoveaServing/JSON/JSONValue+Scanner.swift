import FoveaZoo

extension JSONValue {
    /// The most values within a value that is built: a thousand layers' names are fewer, and each costs many times the bytes that it is sent in.
    static let maxValues = 4_096

    /// Takes the next value.
    /// - Throws: what is wrong with it, and at which byte; or that it holds more than ``maxValues``.
    init(_ scanner: inout JSONScanner) throws(ClassificationError) {
        var left = Self.maxValues
        try self.init(&scanner, left: &left)
    }

    /// - Parameter left: how many values may come yet, this one among them
    init(_ scanner: inout JSONScanner, left: inout Int) throws(ClassificationError) {
        guard left > 0 else { throw scanner.fault("a value holds more than \(Self.maxValues) others") }
        left -= 1
        switch try scanner.kind() {
        case .object:
            var members: [String: JSONValue] = [:]
            try scanner.object("the value") { scanner, key throws(ClassificationError) in
                members[key] = try JSONValue(&scanner, left: &left)
            }
            self = .object(members)
        case .array:
            var elements: [JSONValue] = []
            try scanner.array("the value") { scanner, _ throws(ClassificationError) in
                elements.append(try JSONValue(&scanner, left: &left))
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
