import FoveaCompute

/// A network: what is computed, not how.
public struct Graph: Sendable {
    /// An attention map that the network computes on its way.
    public struct Tap: Sendable, Hashable {
        /// The module's path in the PyTorch model, `layer1.0.conv1`.
        public let layer: String
        /// What its numbers stand for.
        public let kind: AttentionKind
        /// As the map is handed out.
        public let shape: Shape
    }

    /// One layer as `fovea inspect` prints it.
    public struct Layer: Sendable, Hashable {
        /// The module's path in the PyTorch model.
        public let name: String
        /// PyTorch's name of the module's class, `Conv2d`.
        public let operation: String
        /// Without the batch axis.
        public let outputShape: Shape
        /// As PyTorch counts them: weights and biases, the batch norms' too, but not their running statistics.
        public let parameters: Int
        /// Products of convolutions and linear layers, and of mixing a dynamic convolution's kernels, for one picture.
        public let multiplyAdds: Int
        /// The maps that it offers.
        public let attentionKinds: [AttentionKind]
    }

    /// [C, H, W] of one picture.
    public let inputShape: Shape
    /// The number of logits.
    public let numClasses: Int
    /// The maps that a pass can hand out; a session is asked for them by their indices.
    public let taps: [Tap]
    /// One for each module, a module of several operations before its children.
    public let layers: [Layer]

    /// All parameters, as PyTorch counts them.
    public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
    /// All products of one picture's pass.
    public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    /// In an order in which each comes after its inputs; the first is the input.
    let nodes: [Node]
    /// The node whose value is the logits.
    let output: Int
    /// For each tap the node whose value it hands out.
    let tapNodes: [Int]
    /// The layers whose outputs are feature maps, by node.
    let names: [(layer: String, node: Int)]
}

/// One operation of a graph.
struct Node: Sendable {
    let operation: Operation
    /// Nodes before this one.
    let inputs: [Int]
    let shape: Shape
    /// The module it belongs to, where it was told one.
    let layer: String?

    var count: Int { shape.reduce(1, *) }
}
