import FoveaGraph

/// CBAM under its authors' own names, `ChannelGate` and `SpatialGate`: unlike ``CBAM``, its linear layers have biases, its spatial
/// convolution has a norm, and reads the maximum first.
///
/// Maps: `channel` [C], `spatial` [H, W].
struct CBAMGates: Module {
    var reductionRatio = 16

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let channel = try channelGate(x, weights["ChannelGate"]["mlp"], weights.path, &graph)
        let kept = try graph.multiply(x, channel)
        let spatial = try spatialGate(kept, weights["SpatialGate"]["spatial"], &graph)
        let gated = try graph.multiply(kept, spatial)
        graph.module(weights.path, operation: "CBAM", output: gated)
        try graph.tap(channel, layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(spatial, layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }

    /// [C], from each channel's mean and maximum through the same two layers.
    private func channelGate(_ x: Value, _ mlp: Weights, _ path: String, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = x.channels / reductionRatio
        guard hidden > 0 else {
            throw ModelError("\(path): CBAM divides its channels by \(reductionRatio), which leaves none of \(x.channels).")
        }
        var scores: [Value] = []
        for pooled in [try graph.globalAveragePool(x), try graph.globalMaxPool(x)] {
            let squeezed = graph.relu(try graph.linear(pooled, to: hidden, mlp[1]))
            scores.append(try graph.linear(squeezed, to: x.channels, mlp[3]))
        }
        return graph.sigmoid(try graph.add(scores[0], scores[1]))
    }

    /// [1, H, W], from each position's maximum and mean over the channels.
    private func spatialGate(_ x: Value, _ spatial: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let pooled = try graph.concatenate([try graph.max(x, axis: 0), try graph.mean(x, axis: 0)])
        let scores = try graph.conv2d(pooled, Window(channels: 1, kernel: 7, padding: 3), spatial["conv"], bias: false)
        return graph.sigmoid(try graph.batchNorm(scores, spatial["bn"]))
    }
}
