import FoveaGraph

/// Squeeze and excitation (Hu et al., 2017): a sigmoid gate per channel, from the pooled channels through two linear layers.
///
/// Maps: `channel` [C].
struct SEAttention: Module {
    var reduction = 16
    /// Of both layers: those of PytorchInsight's `SELayer`.
    var bias = false

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = x.channels / reduction
        guard hidden > 0 else { throw ModelError("\(weights.path): a reduction of \(reduction) leaves none of \(x.channels) channels.") }
        let fc = weights["fc"]
        let pooled = try graph.globalAveragePool(x, layer: weights["avg_pool"].path)
        let squeezed = graph.relu(try graph.linear(pooled, to: hidden, fc[0], bias: bias))
        let gate = graph.sigmoid(try graph.linear(squeezed, to: x.channels, fc[2], bias: bias))
        let gated = try graph.multiply(x, gate)
        graph.module(weights.path, operation: bias ? "SELayer" : "SEAttention", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .channel, shape: [x.channels])
        return gated
    }
}
