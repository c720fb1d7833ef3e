import FoveaGraph

/// timm's squeeze and excitation: a sigmoid gate per channel, from the pooled channels through two 1×1 convolutions with biases.
///
/// Maps: `channel` [C].
struct SEModule: Module {
    /// What the channels are divided by in the bottleneck, rounded down; nil is a sixteenth, in multiples of 8.
    var reduction: Int?

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var hidden = makeDivisible(Double(x.channels) / 16, by: 8, atLeast: 8, roundLimit: 0)
        if let reduction {
            hidden = x.channels / reduction
            guard hidden > 0 else {
                throw ModelError("\(weights.path): a reduction of \(reduction) leaves none of \(x.channels) channels.")
            }
        }
        let pooled = try graph.globalAveragePool(x)
        let squeezed = graph.relu(try graph.conv1x1(pooled, to: hidden, weights["fc1"]))
        let gate = graph.sigmoid(try graph.conv1x1(squeezed, to: x.channels, weights["fc2"]))
        let gated = try graph.multiply(x, gate)
        graph.module(weights.path, operation: "SEModule", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .channel, shape: [x.channels])
        return gated
    }
}
