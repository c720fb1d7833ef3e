/// A JSON value of unknown form, as `config.json` holds them.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Encodable {
    /// Writes the value as what it is; whole numbers without a fraction.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): if let whole = Int(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as JSON for an error message, without control characters, cut off where it grows long.
    public var description: String {
        rendered(depth: 0).shown(limit: 80)
    }

    private func rendered(depth: Int) -> String {
        // A message never needs more than a glance into nested values.
        guard depth < 4 else { return "…" }
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return Int(exactly: value).map(String.init) ?? String(value)
        case .string(let value): return "\"" + value.shown(limit: 80) + "\""
        case .array(let values): return "[" + values.prefix(20).map { $0.rendered(depth: depth + 1) }.joined(separator: ", ") + "]"
        case .object(let values):
            let members = values.sorted { $0.key < $1.key }.prefix(20).map {
                "\"\($0.key.shown(limit: 80))\": \($0.value.rendered(depth: depth + 1))"
            }
            return "{" + members.joined(separator: ", ") + "}"
        }
    }
}
