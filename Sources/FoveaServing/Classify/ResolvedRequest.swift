import FoveaGraph

/// Parameters laid against the model that will answer.
struct ResolvedRequest: Sendable {
    let served: ModelStore.Served
    let parameters: ClassifyParameters
    /// Which of the model's maps are handed out.
    let maps: [Int]

    init(_ parameters: ClassifyParameters, store: ModelStore) throws(ClassificationError) {
        try parameters.checkSupported()
        served = try store.served(parameters.model, version: parameters.version)
        self.parameters = parameters
        maps = try Self.maps(parameters, of: served)
    }

    private static func maps(_ parameters: ClassifyParameters, of served: ModelStore.Served) throws(ClassificationError) -> [Int] {
        let description = served.network.description
        var chosen: Set<String>?
        if let layers = parameters.layers {
            let names = description.attentionLayers
            var matched: Set<String> = []
            for text in layers {
                let pattern = LayerPattern(text: text)
                let found = names.filter(pattern.matches)
                guard !found.isEmpty else {
                    let list = names.isEmpty ? "It has none." : "It has them at: \(names.joined(separator: ", "))."
                    throw .badRequest(
                        "The parameter 'layers': '\(text.abbreviated)' fits no attention layer of the model '\(served.name)'. \(list)")
                }
                matched.formUnion(found)
            }
            chosen = matched
        }
        guard parameters.attention != .none else { return [] }
        return description.maps.indices.filter { chosen?.contains(description.maps[$0].layer) ?? true }
    }

    /// Puts the answer together.
    func classification(_ prepared: PreparedInput, _ pass: Pass, received: ContinuousClock.Instant) -> Classification {
        let description = served.network.description
        let attention = zip(maps, pass.output.maps).map { index, values in
            self.attention(description.maps[index], values)
        }
        return Classification(
            model: served.name, version: served.version,
            predictions: Softmax.predictions(pass.output.logits, labels: description.labels, topK: parameters.topK), attention: attention,
            image: prepared.image,
            timing: Classification.Timing(
                decode: prepared.decode, preprocess: prepared.preprocess, queue: pass.queue, inference: pass.inference,
                total: received.duration(to: .now)),
            batchSize: pass.batchSize)
    }

    private func attention(_ map: ModelDescription.Map, _ values: [Float]) -> Classification.Attention {
        let isSpatial = map.kind.isSpatial && map.shape.count >= 2
        let shape = MapReduction.shape(map.shape, isSpatial: isSpatial, limit: parameters.mapSize)
        let summary = MapSummary(values)
        return Classification.Attention(
            layer: map.layer, kind: map.kind, shape: shape, size: isSpatial ? Array(map.shape.suffix(2)) : nil, min: summary.min,
            max: summary.max, mean: summary.mean,
            values: parameters.attention == .maps ? MapReduction.average(values, shape: map.shape, to: shape) : nil)
    }
}
