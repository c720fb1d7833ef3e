/// The labels that tell a family's series apart. Two sets are one where they have the same labels, in whatever order.
///
/// They are put into the format's words once, and not at every reading.
struct LabelSet: Hashable, Sendable {
    /// As the format writes them, in the order in which they were given: `route="/models",status="200"`.
    let text: String
    private let pairs: Set<String>

    /// - Parameter labels: names and values. Names become valid ones (``PrometheusName``); of two labels of one name the first counts.
    init(_ labels: [(String, String)]) {
        var names: Set<String> = []
        var written: [String] = []
        var pairs: Set<String> = []
        for (label, value) in labels {
            let name = PrometheusName.label(label)
            guard names.insert(name).inserted else { continue }
            let pair = "\(name)=\"\(value.escapedForPrometheus(quotes: true))\""
            written.append(pair)
            // To Prometheus an empty label is none.
            if !value.isEmpty { pairs.insert(pair) }
        }
        text = written.joined(separator: ",")
        self.pairs = pairs
    }

    static func == (left: LabelSet, right: LabelSet) -> Bool { left.pairs == right.pairs }

    func hash(into hasher: inout Hasher) { hasher.combine(pairs) }
}
