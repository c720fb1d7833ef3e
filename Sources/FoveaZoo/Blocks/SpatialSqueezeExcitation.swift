import FoveaGraph

/// `sSE` (Roy et al., 2018): a sigmoid gate per position, from a 1×1 convolution without a bias.
///
/// Maps: `spatial` [H, W].
struct SpatialSqueezeExcitation: Module {
    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let gate = try gate(x, weights, &graph)
        let gated = try graph.multiply(x, gate)
        graph.module(weights.path, operation: "sSE", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }

    /// The gate [1, H, W].
    func gate(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        graph.sigmoid(try graph.conv1x1(x, to: 1, weights["conv"], bias: false))
    }
}
