import FoveaJSON

/// Reads one JSON object's members by name and type, and remembers which names were asked for.
///
/// `null` counts as absent, as Python's `None` does in timm's files. Every refusal names the member, its value and what was expected.
struct ArgumentReader {
    /// What the object is called in messages: `config.json`, `model_args`.
    let place: String
    private let members: [String: JSONValue]
    private var known: [String] = []

    /// A reader over `members`, which messages call `place`.
    init(_ members: [String: JSONValue], place: String) {
        self.members = members
        self.place = place
    }

    /// Whether the object has a member of this name that is not `null`.
    func has(_ name: String) -> Bool {
        members[name].map { $0 != .null } ?? false
    }

    /// The member, or nothing where it is absent or `null`; asking makes the name known.
    mutating func value(_ name: String) -> JSONValue? {
        if !known.contains(name) { known.append(name) }
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// A whole number in `range`.
    mutating func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard let value = value(name) else { return fallback }
        guard let number = value.integer, range.contains(number) else {
            throw refusal(name, value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A whole number in `range`, or nothing where it is absent.
    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        value(name) == nil ? nil : try integer(name, default: range.lowerBound, in: range)
    }

    /// A number above 0 and at most `limit`.
    mutating func positive(_ name: String, default fallback: Double, atMost limit: Double) throws(ModelError) -> Double {
        guard let value = value(name) else { return fallback }
        guard case .number(let number) = value, number > 0, number <= limit else {
            throw refusal(name, value, expected: "a number above 0 and at most \(JSONValue.number(limit))")
        }
        return number
    }

    /// A number in `range`.
    mutating func number(_ name: String, default fallback: Double, in range: ClosedRange<Double>) throws(ModelError) -> Double {
        guard let value = value(name) else { return fallback }
        guard case .number(let number) = value, range.contains(number) else {
            let (least, most) = (JSONValue.number(range.lowerBound), JSONValue.number(range.upperBound))
            throw refusal(name, value, expected: "a number from \(least) to \(most)")
        }
        return number
    }

    /// `true` or `false`.
    mutating func flag(_ name: String, default fallback: Bool) throws(ModelError) -> Bool {
        guard let value = value(name) else { return fallback }
        guard case .bool(let flag) = value else { throw refusal(name, value, expected: "true or false") }
        return flag
    }

    /// A string.
    mutating func string(_ name: String) throws(ModelError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let string) = value else { throw refusal(name, value, expected: "a string") }
        return string
    }

    /// One of the raw values of an enumeration.
    mutating func choice<Choice>(_ name: String, default fallback: Choice) throws(ModelError) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let value = value(name) else { return fallback }
        guard case .string(let string) = value, let choice = Choice(rawValue: string) else {
            throw refusal(name, value, expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// A list of `counts` whole numbers, each in `range`.
    mutating func integers(
        _ name: String, default fallback: [Int], counts: ClosedRange<Int>, in range: ClosedRange<Int>
    ) throws(ModelError) -> [Int] {
        guard let value = value(name) else { return fallback }
        let count = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
        let expected = "a list of \(count) whole numbers from \(range.lowerBound) to \(range.upperBound)"
        guard case .array(let elements) = value, counts.contains(elements.count) else { throw refusal(name, value, expected: expected) }
        let numbers = elements.compactMap(\.integer)
        guard numbers.count == elements.count, numbers.allSatisfy(range.contains) else { throw refusal(name, value, expected: expected) }
        return numbers
    }

    /// A nested object, empty where it is absent; its messages call it `name`.
    mutating func object(_ name: String) throws(ModelError) -> ArgumentReader {
        guard let value = value(name) else { return ArgumentReader([:], place: name) }
        guard case .object(let members) = value else { throw refusal(name, value, expected: "an object") }
        return ArgumentReader(members, place: name)
    }

    /// The error for a member whose value will not do.
    func refusal(_ name: String, _ value: JSONValue, expected: String) -> ModelError {
        ModelError("\(place): \(name) is \(value); expected \(expected).")
    }

    /// Refuses the object if it has members that nobody asked for, but for those that are `null`, and lists those that were.
    func refuseUnknown(for reader: String) throws(ModelError) {
        let unknown = members.filter { !known.contains($0.key) && $0.value != .null }.keys.sorted()
        guard !unknown.isEmpty else { return }
        let names = unknown.prefix(10).map { $0.shown(limit: 80) }.joined(separator: ", ")
        let accepted = known.isEmpty ? "it has no arguments" : "it has " + known.sorted().joined(separator: ", ")
        throw ModelError("\(place): \(reader) has no argument \(names); \(accepted).")
    }
}

extension JSONValue {
    /// The number, if it is a whole one.
    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }
}
