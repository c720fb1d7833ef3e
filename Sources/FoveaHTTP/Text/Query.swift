import HTTPTypes

/// The parameters of a query, decoded, in their order.
public struct Query: Sendable, Equatable {
    /// One parameter.
    public struct Item: Sendable, Equatable {
        /// The decoded name.
        public var name: String
        /// The decoded value; empty when there was no `=`.
        public var value: String

        /// A parameter.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The parameters in the order sent.
    public var items: [Item]

    /// Parameters that are known already.
    public init(_ items: [Item] = []) {
        self.items = items
    }

    /// Reads `a=1&b=two+words&c=%C3%A4` (`+` is a space).
    ///
    /// - Throws: a 400 `Problem` where a percent-encoding is incomplete, encodes NUL or is not UTF-8.
    public init(parsing text: some StringProtocol) throws(Problem) {
        items = []
        var rest = Substring(text)
        while !rest.isEmpty {
            let (pair, further) = Self.split(rest, at: UInt8(ascii: "&"))
            rest = further
            if pair.isEmpty { continue }
            let (rawName, rawValue) = Self.split(pair, at: UInt8(ascii: "="))
            guard let name = PercentCoding.decode(rawName, plusIsSpace: true) else {
                throw Problem(.badRequest, "The query's parameter name '\(rawName)' is not valid percent-encoded UTF-8.")
            }
            guard let value = PercentCoding.decode(rawValue, plusIsSpace: true) else {
                throw Problem(.badRequest, "The value of the query's parameter '\(name)' is not valid percent-encoded UTF-8.")
            }
            items.append(Item(name: name, value: value))
        }
    }

    /// What is before a byte, and what is behind it. Not by characters: a mark behind the byte would be one with it.
    private static func split(_ text: Substring, at byte: UInt8) -> (Substring, Substring) {
        guard let place = text.utf8.firstIndex(of: byte) else { return (text, "") }
        return (text[..<place], text[text.utf8.index(after: place)...])
    }

    /// The value of a parameter that is there at most once.
    ///
    /// - Returns: `nil` when it is absent.
    /// - Throws: a 400 `Problem` when it was sent more than once: which one was meant would be a guess.
    public func value(_ name: String) throws(Problem) -> String? {
        let values = items.filter { $0.name == name }
        guard values.count <= 1 else { throw Problem(.badRequest, "The parameter '\(name)' was sent \(values.count) times; send it once.") }
        return values.first?.value
    }
}
