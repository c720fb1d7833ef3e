import FoveaGraph

/// A gate per channel times a gate per position, both sigmoids behind a bottleneck.
///
/// Maps: `channel` [C], `spatial` [H, W].
struct LocalAttention: Module {
    var reductionRatio = 8

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = x.channels / reductionRatio
        guard hidden > 0 else {
            throw ModelError("\(weights.path): a reduction_ratio of \(reductionRatio) leaves none of \(x.channels) channels.")
        }
        let channelAttention = weights["channel_attention"]
        var channel = try graph.globalAveragePool(x, layer: channelAttention[0].path)
        channel = graph.relu(try graph.conv1x1(channel, to: hidden, channelAttention[1]))
        channel = graph.sigmoid(try graph.conv1x1(channel, to: x.channels, channelAttention[3]))

        let spatialAttention = weights["spatial_attention"]
        var spatial = graph.relu(try graph.conv1x1(x, to: hidden, spatialAttention[0]))
        spatial = graph.sigmoid(try graph.conv1x1(spatial, to: 1, spatialAttention[2]))

        // PyTorch forms the product of the gates first, a third tensor of the map's size.
        let gated = try graph.multiply(try graph.multiply(x, channel), spatial)
        graph.module(weights.path, operation: "LocalAttention", output: gated)
        try graph.tap(channel, layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(spatial, layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }
}
