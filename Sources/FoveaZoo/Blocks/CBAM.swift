import FoveaGraph

/// CBAM (Woo et al., 2018): a gate per channel, then a gate per position on what the first let through.
///
/// Maps: `channel` [C], `spatial` [H, W].
struct CBAM: Module {
    var ratio = 16
    /// Of the spatial gate's convolution, 3 or 7.
    var kernelSize = 7

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let channel = try channelAttention(x, weights["ca"], &graph)
        let kept = try graph.multiply(x, channel)
        let spatial = try spatialAttention(kept, weights["sa"], &graph)
        let gated = try graph.multiply(kept, spatial)
        graph.module(weights.path, operation: "CBAM", output: gated)
        try graph.tap(channel, layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(spatial, layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }

    /// [C], from each channel's mean and maximum through the same two layers.
    private func channelAttention(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = x.channels / ratio
        guard hidden > 0 else { throw ModelError("\(weights.path): a ratio of \(ratio) leaves none of \(x.channels) channels.") }
        var scores: [Value] = []
        for pooled in [
            try graph.globalAveragePool(x, layer: weights["avg_pool"].path), try graph.globalMaxPool(x, layer: weights["max_pool"].path),
        ] {
            let squeezed = graph.relu(try graph.conv1x1(pooled, to: hidden, weights["fc1"], bias: false))
            scores.append(try graph.conv1x1(squeezed, to: x.channels, weights["fc2"], bias: false))
        }
        return graph.sigmoid(try graph.add(scores[0], scores[1]))
    }

    /// [1, H, W], from each position's mean and maximum over the channels.
    private func spatialAttention(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let pooled = try graph.concatenate([try graph.mean(x, axis: 0), try graph.max(x, axis: 0)])
        let window = Window(channels: 1, kernel: kernelSize, padding: kernelSize / 2)
        return graph.sigmoid(try graph.conv2d(pooled, window, weights["conv1"], bias: false))
    }
}
