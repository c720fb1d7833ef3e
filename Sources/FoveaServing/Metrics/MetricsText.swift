/// Writes metrics in Prometheus' text format, version 0.0.4.
///
/// Each family is written once, with all its samples: that is what the format asks for.
struct MetricsText: Sendable {
    /// What a family's numbers do over time.
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// The value of the answer's `Content-Type`.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""
    private var name = ""

    /// Begins a family; its samples must follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Adds a sample to the family begun last.
    ///
    /// - Parameter suffix: such as `_bucket`, of a histogram's samples.
    mutating func sample(_ value: Double, _ labels: [(name: String, value: String)] = [], suffix: String = "") {
        text += name + suffix
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// Adds a family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        family(name, kind, help)
        sample(value)
    }

    /// A number as the format spells it: whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
