import FoveaGraph

/// Split attention (Zhang et al., ResNeSt, 2020), laid out as timm does: a convolution into `radix` splits, mixed per channel by a softmax,
/// or gated by a sigmoid where there is one split.
///
/// Maps: `branch` [radix, C].
struct SplitAttention: ConvolutionModule {
    var radix = 2
    /// The bottleneck's share of the channels of all splits.
    var reductionRatio = 0.25
    /// The bottleneck's channels per split, instead of a share.
    var reducedChannels: Int?
    /// The bottleneck's channels are a multiple of this.
    var reductionDivisor = 8
    /// Of the convolution.
    var bias = false
    /// Whether `bn0` and `bn1` are batch norms; otherwise they do nothing.
    var batchNorm = false
    /// The cardinality, where it is not that of the place.
    var groups: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let cardinality = groups ?? window.groups
        let channels = window.channels
        var split = window
        split.channels = channels * radix
        split.groups = cardinality * radix
        var maps = try graph.conv2d(x, split, weights["conv"], bias: bias)
        if batchNorm { maps = try graph.batchNorm(maps, weights["bn0"]) }
        maps = graph.relu(maps)

        // Pooling is linear: the mean of the splits' sum is the sum of their means.
        let means = try graph.reshape(try graph.globalAveragePool(maps), to: [radix, channels])
        let hidden = reducedChannels.map { $0 * radix } ?? reduced(x.channels)
        let fc1 = Window(channels: hidden, groups: cardinality)
        var z = try graph.conv2d(try graph.sum(means, over: radix), fc1, weights["fc1"])
        if batchNorm { z = try graph.batchNorm(z, weights["bn1"]) }
        let scores = try graph.conv2d(graph.relu(z), Window(channels: channels * radix, groups: cardinality), weights["fc2"])

        let select = try select(scores, channels: channels, cardinality: cardinality, weights, &graph)
        let out = try graph.mix(maps, by: select, parts: radix)
        graph.module(weights.path, operation: "SplitAttn", output: out)
        try graph.tap(select, layer: weights.path, kind: .branch, shape: [radix, channels])
        return out
    }

    /// `RadixSoftmax`: the weights [radix, C].
    private func select(
        _ scores: Value, channels: Int, cardinality: Int, _ weights: Weights, _ graph: inout GraphBuilder
    ) throws -> Value {
        guard radix > 1 else { return try graph.reshape(graph.sigmoid(scores), to: [1, channels]) }
        guard cardinality == 1 else {
            throw ModelError("\(weights.path): split attention in \(cardinality) groups is not supported yet; expected groups 1.")
        }
        return try graph.softmax(try graph.reshape(scores, to: [radix, channels]), axis: 0)
    }

    /// timm's `make_divisible`: the nearest multiple of the divisor, at least 32, and no more than a tenth below what was asked for.
    private func reduced(_ inputs: Int) -> Int {
        let asked = Double(inputs * radix) * reductionRatio
        let rounded = max(32, Int(asked + Double(reductionDivisor) / 2) / reductionDivisor * reductionDivisor)
        return Double(rounded) < 0.9 * asked ? rounded + reductionDivisor : rounded
    }
}
