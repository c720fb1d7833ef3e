import FoveaGraph

/// timm's `SelectiveKernel` (timm/layers/selective_kernel.py, after Li et al., 2019): two paths of 3×3 convolutions, the second dilated to reach
/// as far as a 5×5, mixed per channel by a softmax.
///
/// Maps: `branch` [2, C].
struct SelectiveKernel: ConvolutionModule {
    /// The bottleneck's share of the channels.
    var reductionRatio = 1.0 / 16
    /// The bottleneck's channels, instead of a share.
    var reducedChannels: Int?
    /// The bottleneck's channels are a multiple of this.
    var reductionDivisor = 8
    /// Whether the second path is a dilated 3×3 convolution, or a 5×5 one.
    var keeps3x3 = true
    /// Whether each path reads its own half of the channels.
    var splitsInput = true

    /// With its norm and activation.
    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let paths = 2
        guard !splitsInput || x.channels % paths == 0 else {
            throw ModelError("\(weights.path): \(x.channels) channels cannot be split over \(paths) paths.")
        }
        var maps: [Value] = []
        for path in 0..<paths {
            var own = window
            let reach = path + 1
            (own.kernel, own.dilation, own.padding) = keeps3x3 ? (3, reach, reach) : (1 + 2 * reach, 1, reach)
            own.groups = min(window.channels, window.groups)
            let half = x.channels / paths
            let input = splitsInput ? try graph.slice(x, axis: 0, from: path * half, to: (path + 1) * half) : x
            maps.append(graph.relu(try graph.convNorm(input, own, weights["paths"][path])))
        }
        let stacked = try graph.concatenate(maps)

        let share = Double(window.channels) * reductionRatio
        let hidden = reducedChannels ?? makeDivisible(share, by: reductionDivisor, atLeast: reductionDivisor)
        let attn = weights["attn"]
        var z = try graph.conv1x1(try graph.pooledSum(stacked, parts: paths), to: hidden, attn["fc_reduce"], bias: false)
        z = graph.relu(try graph.batchNorm(z, attn["bn"]))
        let scores = try graph.conv1x1(z, to: paths * window.channels, attn["fc_select"], bias: false)
        let select = try graph.softmax(try graph.reshape(scores, to: [paths, window.channels]), axis: 0)

        let out = try graph.mix(stacked, by: select, parts: paths)
        graph.module(weights.path, operation: "SelectiveKernel", output: out)
        try graph.tap(select, layer: weights.path, kind: .branch, shape: [paths, window.channels])
        return out
    }
}

extension GraphBuilder {
    /// timm's `ConvNormAct` without its activation: `conv`, a convolution without bias, and `bn`.
    mutating func convNorm(_ x: Value, _ window: Window, _ weights: Weights) throws -> Value {
        let out = try batchNorm(try conv2d(x, window, weights["conv"], bias: false), weights["bn"])
        module(weights["bn"].path, operation: "BatchNormAct2d", output: out)
        return out
    }
}
