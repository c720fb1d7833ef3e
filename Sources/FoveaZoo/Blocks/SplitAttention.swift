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
    /// Whether the bottleneck's channels are its share cut to a whole number, as in the paper's own `SplAtConv2d`, and no multiple of
    /// anything.
    var truncates = false
    /// Of the convolution.
    var bias = false
    /// Whether `bn0` and `bn1` are batch norms; otherwise they do nothing.
    var batchNorm = false
    /// The cardinality, where it is not that of the place.
    var groups: Int?
    /// Of the convolution, where it is not that of the place.
    var dilation: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var split = window.with(groups: groups, dilation: dilation)
        let cardinality = split.groups
        let channels = window.channels
        split.channels = channels * radix
        split.groups = cardinality * radix
        var maps = try graph.conv2d(x, split, weights["conv"], bias: bias)
        if batchNorm { maps = try graph.batchNorm(maps, weights["bn0"]) }
        maps = graph.relu(maps)

        let share = Double(x.channels * radix) * reductionRatio
        let rounded = truncates ? max(Int(share), 32) : makeDivisible(share, by: reductionDivisor, atLeast: 32)
        let hidden = reducedChannels.map { $0 * radix } ?? rounded
        let fc1 = Window(channels: hidden, groups: cardinality)
        var z = try graph.conv2d(try graph.pooledSum(maps, parts: radix), fc1, weights["fc1"])
        if batchNorm { z = try graph.batchNorm(z, weights["bn1"]) }
        let scores = try scores(graph.relu(z), channels: channels, cardinality: cardinality, weights["fc2"], &graph)
        let select = radix == 1 ? graph.sigmoid(scores) : try graph.softmax(scores, axis: 0)
        let out = try graph.mix(maps, by: select, parts: radix)
        graph.module(weights.path, operation: truncates ? "SplAtConv2d" : "SplitAttn", output: out)
        try graph.tap(select, layer: weights.path, kind: .branch, shape: [radix, channels])
        return out
    }

    /// `fc2`, its outputs reordered to [radix, C].
    ///
    /// The module's own order is cardinality, radix, channel, and `RadixSoftmax` transposes it. Here one convolution per split reads those
    /// rows of the weights that are the split's, so that nothing is to be transposed.
    private func scores(
        _ z: Value, channels: Int, cardinality: Int, _ fc2: Weights, _ graph: inout GraphBuilder
    ) throws -> Value {
        let window = Window(channels: channels * radix, groups: cardinality)
        guard radix > 1, cardinality > 1 else { return try graph.reshape(try graph.conv2d(z, window, fc2), to: [radix, channels]) }
        let weight = try fc2.parameter("weight", shape: try window.kernelShape(from: z.channels, fc2))
        let bias = try fc2.parameter("bias", shape: [window.channels])
        let column = try graph.reshape(z, to: [z.channels, 1, 1])
        let perGroup = channels / cardinality
        var splits: [Value] = []
        for split in 0..<radix {
            let rows = (0..<cardinality).flatMap { group in
                (0..<perGroup).map { (group * radix + split) * perGroup + $0 }
            }
            let scores = try graph.convolution(
                column, weight: weight.rows(rows, part: split), bias: bias.rows(rows, part: split), groups: cardinality, layer: fc2.path)
            splits.append(graph.flatten(scores))
        }
        let scores = try graph.concatenate(splits)
        graph.module(fc2.path, operation: "Conv2d", output: scores)
        return try graph.reshape(scores, to: [radix, channels])
    }
}

extension Parameter {
    /// Some of the parameter's rows along its first axis, in the order asked for. Each part has a name of its own, to be counted as one.
    fileprivate func rows(_ rows: [Int], part: Int) -> Parameter {
        let size = values.count / max(1, shape.first ?? 1)
        return Parameter(
            name: "\(name)[\(part)]", shape: [rows.count] + shape.dropFirst(),
            values: rows.flatMap { values[($0 * size)..<(($0 + 1) * size)] })
    }
}
