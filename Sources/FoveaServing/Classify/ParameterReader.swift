import FoveaHTTP
import FoveaJSON

/// Collects parameters from the places where a request may have them, and refuses one that comes twice: which one was meant would be a guess.
struct ParameterReader {
    private(set) var parameters = ClassifyParameters()
    private var seen: Set<String> = []

    mutating func read(_ query: Query) throws(ClassificationError) {
        for item in query.items { try set(item.name, to: item.value) }
    }

    mutating func set(_ name: String, to text: String) throws(ClassificationError) {
        try parameters.set(name, to: text)
        guard seen.insert(name).inserted else { throw .badRequest("The parameter '\(name)' was sent more than once; send it once.") }
    }

    /// Reads a member of a JSON body; `null` counts as absent.
    mutating func set(_ name: String, to value: JSONValue) throws(ClassificationError) {
        switch value {
        case .null:
            guard ClassifyParameters.names.contains(name) else { return try set(name, to: "") }
        case .string(let text): try set(name, to: text)
        case .number(let number):
            guard let whole = Int(exactly: number) else {
                throw .badRequest("The parameter '\(name.abbreviated)' is \(number); expected a whole number.")
            }
            try set(name, to: "\(whole)")
        case .array(let values) where name == "layers":
            var patterns: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw .badRequest("The parameter 'layers' must hold strings.") }
                patterns.append(text)
            }
            try set(name, to: patterns.joined(separator: ","))
        case .array(let values) where name == "class":
            var classes: [String] = []
            for value in values {
                guard case .number(let number) = value, let whole = Int(exactly: number) else {
                    throw .badRequest("The parameter 'class' must hold whole numbers.")
                }
                classes.append("\(whole)")
            }
            try set(name, to: classes.joined(separator: ","))
        case .bool, .array, .object:
            guard ClassifyParameters.names.contains(name) else { return try set(name, to: "") }
            throw .badRequest("The parameter '\(name)' must be a string or a whole number.")
        }
    }
}
