import Foundation

/// Turns logits into the best classes.
enum Softmax {
    /// The `topK` best classes, the best first; of equal ones the lower index first.
    ///
    /// Probabilities are computed in double precision, from the differences to the greatest logit, so that no logit is too large for them.
    static func predictions(_ logits: [Float], labels: [String], topK: Int) -> [Classification.Prediction] {
        let greatest = Double(logits.max() ?? 0)
        var sum = 0.0
        for logit in logits { sum += exp(Double(logit) - greatest) }
        let order = logits.indices.sorted { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
        return order.prefix(topK).map { index in
            Classification.Prediction(
                index: index, label: labels.indices.contains(index) ? labels[index] : "\(index)",
                probability: exp(Double(logits[index]) - greatest) / sum, logit: logits[index])
        }
    }
}
