/// Writes metrics in Prometheus' [text format](https://prometheus.io/docs/instrumenting/exposition_formats/), version 0.0.4.
///
/// Each family is written once, with all its samples: that is what the format asks for.
struct MetricsText: Sendable {
    private(set) var text = ""
    private var name = ""

    /// Begins a family; its samples must follow.
    mutating func family(_ name: String, _ kind: MetricKind, help: String?) {
        self.name = name
        if let help { text += "# HELP \(name) \(help.escapedForPrometheus())\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Adds a sample to the family begun last.
    ///
    /// - Parameters:
    ///   - suffix: such as `_bucket`, of a histogram's samples.
    ///   - bound: a bucket's, as the label `le`.
    mutating func sample(_ value: Double, _ labels: LabelSet, suffix: String = "", bound: Double? = nil) {
        let parts = [labels.text, bound.map { "le=\"\(Self.number($0))\"" } ?? ""].filter { !$0.isEmpty }
        text += name + suffix + (parts.isEmpty ? "" : "{\(parts.joined(separator: ","))}") + " \(Self.number(value))\n"
    }

    /// A number as the format spells it: whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
