import Glibc

/// Turns logits into probabilities and the best classes.
enum Softmax {
    /// In double precision, from the differences to the greatest logit, so that no logit is too large.
    static func probabilities(_ logits: [Float]) -> [Double] {
        let greatest = Double(logits.max() ?? 0)
        let powers = logits.map { exp(Double($0) - greatest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// The indices, the greatest value's first; of equal ones the lower index first.
    static func order(_ values: [Float]) -> [Int] {
        values.indices.sorted { values[$0] > values[$1] || (values[$0] == values[$1] && $0 < $1) }
    }

    /// The indices of the greatest values, at most so many; in the order of `order`.
    static func best(_ values: [Float], _ count: Int) -> [Int] {
        // A few of a thousand are found in one walk through them.
        guard count <= 16, count < values.count else { return Array(order(values).prefix(count)) }
        var best: [Int] = []
        best.reserveCapacity(count + 1)
        for (index, value) in values.enumerated() {
            if best.count == count, let last = best.last, !(value > values[last]) { continue }
            best.insert(index, at: best.firstIndex { value > values[$0] } ?? best.count)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// A class's name; its index as text where it has none.
    static func label(_ index: Int, _ labels: [String]) -> String { labels.indices.contains(index) ? labels[index] : "\(index)" }

    /// The `topK` best classes, the best first.
    static func predictions(_ logits: [Float], labels: [String], topK: Int) -> [Classification.Prediction] {
        let probabilities = probabilities(logits)
        return best(logits, topK).map { index in
            Classification.Prediction(
                index: index, label: label(index, labels), probability: probabilities[index],
                logit: logits[index])
        }
    }
}
