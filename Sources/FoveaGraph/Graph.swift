import FoveaCompute

/// A network: what is computed, not how.
public struct Graph: Sendable {
    /// An attention map that the network computes on its way.
    public struct Tap: Sendable, Hashable {
        /// The module's path in the PyTorch model, `layer1.0.conv1`.
        public let layer: String
        public let kind: AttentionKind
        public let shape: Shape
    }

    /// One layer as `fovea inspect` prints it.
    public struct Layer: Sendable, Hashable {
        public let name: String
        public let operation: String
        public let outputShape: Shape
        public let parameters: Int
        public let multiplyAdds: Int
        public let attentionKinds: [AttentionKind]
    }

    /// [C, H, W] of one picture.
    public let inputShape: Shape
    public let numClasses: Int
    public let taps: [Tap]
    public let layers: [Layer]
}
