import FoveaGraph

/// The layers of a request laid against the model that will answer: whose attention is handed out, and which are explained.
struct ResolvedLayers: Sendable {
    /// Indices into the description's maps.
    var maps: [Int] = []
    /// Indices into the description's explanation layers; empty where nothing is explained.
    var explained: [Int] = []

    init(_ parameters: ClassifyParameters, of served: ServedModel) throws(ClassificationError) {
        let description = served.network.description
        let method = parameters.explanation.method
        if method != nil, description.explanationLayers.isEmpty {
            throw .badRequest(
                "The parameter 'explain': the model '\(served.name)' has no class activation maps, since no linear layer computes its logits from a map."
            )
        }
        // The class activation map is one of the head's input.
        let targets = method == nil || method == .cam ? [] : description.explanationLayers.map(\.name)
        var chosen: Set<String>?
        if let layers = parameters.layers {
            let names = description.attentionLayers
            var matched: Set<String> = []
            for text in layers {
                let pattern = LayerPattern(text: text)
                let found = (names + targets).filter(pattern.matches)
                guard !found.isEmpty else {
                    throw .badRequest(
                        "The parameter 'layers': '\(text.abbreviated)' fits no attention layer of the model '\(served.name)'. "
                            + Self.list(names) + Self.explainable(targets))
                }
                matched.formUnion(found)
            }
            chosen = matched
        }
        if parameters.attention != .none {
            maps = description.maps.indices.filter { chosen?.contains(description.maps[$0].layer) ?? true }
        }
        guard method != nil else { return }
        explained = [0]
        guard let chosen, !targets.isEmpty else { return }
        explained = targets.indices.filter { chosen.contains(targets[$0]) }
        guard !explained.isEmpty else {
            throw .badRequest(
                "The parameter 'layers' names no layer of the model '\(served.name)' that '\(parameters.explanation.rawValue)' can explain."
                    + Self.explainable(targets))
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "It has none." : "It has them at: \(names.joined(separator: ", "))."
    }

    private static func explainable(_ targets: [String]) -> String {
        targets.isEmpty ? "" : " Gradients are at hand for the outputs of: \(targets.joined(separator: ", "))."
    }
}

extension ClassifyParameters.Explanation {
    /// How; `nil` for nothing.
    var method: Explanation.Method? { Explanation.Method(rawValue: rawValue) }
}
