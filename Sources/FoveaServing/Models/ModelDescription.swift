import FoveaGraph
import FoveaZoo

/// What there is to know of a loaded model.
public struct ModelDescription: Sendable {
    /// An attention map that the network computes.
    public struct Map: Sendable, Hashable {
        /// The module's path in the PyTorch model.
        public var layer: String
        /// What the map's numbers stand for.
        public var kind: AttentionKind
        /// Of the map, at the layer's own size.
        public var shape: [Int]
    }

    /// The network's name in the registry.
    public var architecture: String
    /// As many as there are logits.
    public var numClasses: Int
    /// One per class.
    public var labels: [String]
    /// [C, H, W].
    public var inputSize: [Int]
    /// As PyTorch counts them.
    public var parameters: Int
    /// In the order in which a pass computes them.
    public var maps: [Map]
    /// How a picture becomes the network's input.
    public var preprocessing: ModelConfiguration.Preprocessing
    /// The rows of `fovea inspect`.
    public var layers: [Graph.Layer]
    /// The layers that a pass can explain, the head's input first; empty where it can explain none.
    public var explanationLayers: [ExplanationLayer] = []
    /// Whether the class activation map is exact, its mean plus the class's bias the logit; otherwise `cam` is Grad-CAM.
    public var hasExactCAM = false

    /// Of one picture's pass, those of all layers together.
    public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    /// The layers with attention, each once, in the order of the pass.
    public var attentionLayers: [String] {
        var seen: Set<String> = []
        return maps.map(\.layer).filter { seen.insert($0).inserted }
    }
}

extension ModelDescription {
    init(_ network: Network, _ plan: Plan) {
        let configuration = network.configuration
        self.init(
            architecture: configuration.architecture, numClasses: configuration.numClasses, labels: configuration.labels,
            inputSize: network.graph.inputShape, parameters: network.parameters,
            maps: network.graph.taps.map { Map(layer: $0.layer, kind: $0.kind, shape: $0.shape) },
            preprocessing: configuration.preprocessing, layers: network.graph.layers,
            explanationLayers: plan.explanationLayers, hasExactCAM: plan.hasExactCAM)
    }
}
