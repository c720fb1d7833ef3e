import FoveaGraph

/// `cSE` (Roy et al., 2018): squeeze and excitation with a reduction of 2, in 1×1 convolutions without biases.
///
/// Maps: `channel` [C].
struct ChannelSqueezeExcitation: Module {
    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let gate = try gate(x, weights, &graph)
        let gated = try graph.multiply(x, gate)
        graph.module(weights.path, operation: "cSE", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .channel, shape: [x.channels])
        return gated
    }

    /// The gate [C].
    func gate(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        guard x.channels > 1 else { throw ModelError("\(weights.path): cSE halves its channels, and there is only one.") }
        let pooled = try graph.globalAveragePool(x, layer: weights["avgpool"].path)
        let squeezed = graph.relu(try graph.conv1x1(pooled, to: x.channels / 2, weights["Conv_Squeeze"], bias: false))
        return graph.sigmoid(try graph.conv1x1(squeezed, to: x.channels, weights["Conv_Excitation"], bias: false))
    }
}
