import FoveaGraph
import FoveaSystem

/// Parameters laid against the model that will answer.
struct ResolvedRequest: Sendable {
    let served: ServedModel
    let parameters: ClassifyParameters
    /// What the pass hands out.
    let contents: PassContents

    init(_ parameters: ClassifyParameters, store: ModelStore) throws(ClassificationError) {
        try parameters.checkSupported()
        served = try store.served(parameters.model, version: parameters.version)
        self.parameters = parameters
        let layers = try ResolvedLayers(parameters, of: served)
        contents = PassContents(maps: layers.maps, explanation: try Self.explanation(parameters, layers, of: served))
    }

    private static func explanation(
        _ parameters: ClassifyParameters, _ layers: ResolvedLayers, of served: ServedModel
    ) throws(ClassificationError) -> ExplanationRequest? {
        guard let method = parameters.explanation.method else { return nil }
        try ClassList.check(parameters.explainedClasses, "class", of: served.network.description, model: served.name)
        return ExplanationRequest(method: method, layers: layers.explained, classes: parameters.explainedClasses)
    }

    /// About how many numbers of maps a pass hands out for the answer.
    var passNumbers: Int { numbers { shape, _ in shape } }

    /// About how many of a picture's numbers are sent.
    private var sentNumbers: Int {
        parameters.attention == .summary ? 0 : numbers { MapReduction.shape($0, isSpatial: $1, limit: parameters.mapSize) }
    }

    /// About how many bytes the answer to a picture takes, without its drawings.
    var textBytes: Int {
        let explained = contents.explanation.map { $0.layers.count * max(1, $0.classes.count) } ?? 0
        return Classification.textBytes(
            numbers: sentNumbers, maps: contents.maps.count + explained,
            classes: min(parameters.topK, served.network.description.numClasses))
    }

    /// The most numbers of maps in an answer, which is built as a whole: some 128 MB of text.
    static let maxNumbers = 12 << 20

    /// Refuses more numbers than an answer may hold.
    func checkNumbers(pictures: Int) throws(ClassificationError) {
        let count = sentNumbers
        guard count <= Self.maxNumbers / max(1, pictures) else {
            throw .badRequest(
                "The maps have \(count) numbers for each of \(pictures) pictures; \(Self.maxNumbers) are allowed in all. Ask for fewer pictures at once, "
                    + "fewer layers, or a smaller map_size.")
        }
    }

    private func numbers(_ size: (_ shape: [Int], _ isSpatial: Bool) -> [Int]) -> Int {
        if contents.maps.isEmpty, contents.explanation == nil { return 0 }
        let description = served.network.description
        let attention = contents.maps.reduce(0) { count, index in
            let map = description.maps[index]
            return count + size(map.shape, map.kind.isSpatial && map.shape.count >= 2).reduce(1, *)
        }
        let explained = contents.explanation.map { explanation in
            explanation.layers.reduce(0) { $0 + size(Array(description.explanationLayers[$1].shape.suffix(2)), true).reduce(1, *) }
                * max(1, explanation.classes.count)
        }
        return attention + (explained ?? 0)
    }

    /// Puts the answer together.
    func classification(_ pass: PicturePass, received: Instant) -> Classification {
        let description = served.network.description
        let attention = zip(contents.maps, pass.output.maps).map { index, values in
            self.attention(description.maps[index], values, pass.output.explanations.first)
        }
        return Classification(
            model: served.name, version: served.version,
            predictions: Softmax.predictions(pass.output.logits, labels: description.labels, topK: parameters.topK), attention: attention,
            explanation: contents.explanation == nil ? nil : pass.output.explanations.map { explanation($0, description) },
            image: pass.prepared.image,
            timing: Classification.Timing(
                decode: pass.prepared.decode, preprocess: pass.prepared.preprocess, queue: pass.queue, inference: pass.inference,
                total: received.duration(to: .now)),
            batchSize: pass.batchSize)
    }

    private func explanation(_ explanation: Explanation, _ description: ModelDescription) -> Classification.Explanation {
        let layer = description.explanationLayers[explanation.layer]
        let size = Array(layer.shape.suffix(2))
        let shape = MapReduction.shape(size, isSpatial: true, limit: parameters.mapSize)
        let summary = MapSummary(explanation.values)
        return Classification.Explanation(
            method: explanation.method, layer: layer.name, classIndex: explanation.classIndex,
            label: Softmax.label(explanation.classIndex, description.labels), shape: shape, size: size, min: summary.min, max: summary.max,
            mean: summary.mean,
            values: parameters.attention == .summary ? nil : MapReduction.average(explanation.values, shape: size, to: shape))
    }

    /// - Parameter explanation: what the attention is laid against in a summary.
    private func attention(_ map: ModelDescription.Map, _ values: [Float], _ explanation: Explanation?) -> Classification.Attention {
        let isSpatial = map.kind.isSpatial && map.shape.count >= 2
        let shape = MapReduction.shape(map.shape, isSpatial: isSpatial, limit: parameters.mapSize)
        let summary = MapSummary(values)
        return Classification.Attention(
            layer: map.layer, kind: map.kind, shape: shape, size: isSpatial ? Array(map.shape.suffix(2)) : nil, min: summary.min,
            max: summary.max, mean: summary.mean,
            values: parameters.attention == .maps ? MapReduction.average(values, shape: map.shape, to: shape) : nil,
            summary: parameters.attention == .summary ? self.summary(map, values, isSpatial, explanation) : nil)
    }

    private func summary(_ map: ModelDescription.Map, _ values: [Float], _ isSpatial: Bool, _ explanation: Explanation?) -> AttentionSummary
    {
        var summary = AttentionSummary(values, shape: map.shape, isSpatial: isSpatial)
        if let explanation, isSpatial, map.shape.count == 2 {
            let size = served.network.description.explanationLayers[explanation.layer].shape.suffix(2)
            summary.shareInCAM = AttentionSummary.shareInCAM(
                values, height: map.shape[0], width: map.shape[1], cam: explanation.values, camHeight: size.first ?? 0,
                camWidth: size.last ?? 0)
        }
        return summary
    }
}

extension ClassifyParameters {
    /// Checks what can be before there is a picture: that there is the model, and that it has the layers and classes.
    public func check(against store: ModelStore) throws(ClassificationError) {
        _ = try ResolvedRequest(self, store: store)
    }
}
