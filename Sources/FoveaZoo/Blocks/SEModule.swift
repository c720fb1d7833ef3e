import FoveaGraph

/// timm's squeeze and excitation: a sigmoid gate per channel, from the pooled channels through two 1×1 convolutions with biases.
///
/// Maps: `channel` [C].
struct SEModule: Module {
    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = makeDivisible(Double(x.channels) / 16, by: 8, atLeast: 8, roundLimit: 0)
        let pooled = try graph.globalAveragePool(x)
        let squeezed = graph.relu(try graph.conv1x1(pooled, to: hidden, weights["fc1"]))
        let gate = graph.sigmoid(try graph.conv1x1(squeezed, to: x.channels, weights["fc2"]))
        let gated = try graph.multiply(x, gate)
        graph.module(weights.path, operation: "SEModule", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .channel, shape: [x.channels])
        return gated
    }
}
