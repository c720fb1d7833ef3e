import FoveaCompute

/// What a layer's map says of one class: where on the picture it spoke for the class, and where against it.
public struct Explanation: Sendable, Hashable {
    /// How a layer's map A [K, H, W] and the gradient g = ∂logit/∂A become one number for each position.
    ///
    /// None of them ends in a ReLU, which some papers put there for drawing: what speaks against the class stays, as negative numbers.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Σₖ w[class, k] · A[k], where the head is a global average pooling and one linear layer: its mean plus the class's bias is the
        /// logit (Zhou et al., "Learning Deep Features for Discriminative Localization", 2016). Any other head gives `gradcam`.
        case cam
        /// Σₖ mean(g[k]) · A[k] (Selvaraju et al., "Grad-CAM", 2017).
        case gradcam
        /// Σₖ g[k] ⊙ A[k] (Draelos and Carin, "HiResCAM", 2020).
        case hirescam
        /// Σₖ max(g[k], 0) ⊙ A[k] (Jiang et al., "LayerCAM", 2021).
        case layercam
    }

    /// How it was computed; `gradcam` where `cam` was asked for and the head has no exact class activation map.
    public var method: Method
    /// Index into `Plan.explanationLayers`.
    public var layer: Int
    /// The class's index in the logits.
    public var classIndex: Int
    /// [H, W] row-major at the layer's own size, unscaled.
    public var values: [Float]

    /// A map of one class.
    public init(method: Method, layer: Int, classIndex: Int, values: [Float]) {
        self.method = method
        self.layer = layer
        self.classIndex = classIndex
        self.values = values
    }
}

/// What a picture's pass is to explain.
public struct ExplanationRequest: Sendable, Hashable {
    /// The most classes of one picture: they share one stream of the head's weights.
    public static let maxClasses = 5

    /// How.
    public var method: Explanation.Method
    /// Indices into `Plan.explanationLayers`; `cam` has the first one alone.
    public var layers: [Int]
    /// The classes; empty stands for the one with the greatest logit.
    public var classes: [Int]

    /// Asks for a map of each class at each layer.
    public init(method: Explanation.Method, layers: [Int] = [0], classes: [Int] = []) {
        self.method = method
        self.layers = layers
        self.classes = classes
    }
}

/// A layer whose map can be explained: its gradient is at hand when a pass ends.
public struct ExplanationLayer: Sendable, Hashable {
    /// The module's path in the PyTorch model.
    public var name: String
    /// [K, H, W] of its output.
    public var shape: Shape

    /// Positions of its map.
    var area: Int { shape.dropFirst().reduce(1, *) }

    /// A layer with a map of this shape.
    public init(name: String, shape: Shape) {
        self.name = name
        self.shape = shape
    }
}
