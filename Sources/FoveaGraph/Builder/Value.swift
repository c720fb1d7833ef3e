import FoveaCompute

/// What a node of the graph computes, while the graph is built.
public struct Value: Sendable, Hashable {
    /// Without the batch axis: [C, H, W] of a feature map, [C] of a vector.
    public let shape: Shape
    /// The node's index in its builder.
    let node: Int
}
