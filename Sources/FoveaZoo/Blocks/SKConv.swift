import FoveaGraph

/// Selective kernel convolution (Li et al., 2019): branches of 3×3, 5×5, 7×7… convolutions, mixed per channel by a softmax.
///
/// Maps: `branch` [M, C].
struct SKConv: ConvolutionModule {
    /// M: how many branches.
    var branches = 3
    /// r: what the channels are divided by in the bottleneck.
    var reduction = 4.0
    /// L: the bottleneck has at least as many channels.
    var minimum = 32
    /// G: groups of the convolutions, where they are not those of the place.
    var groups: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        guard x.channels == window.channels else {
            throw ModelError("\(weights.path): an SK convolution keeps its channels, but here \(x.channels) become \(window.channels).")
        }
        var maps: [Value] = []
        for branch in 0..<branches {
            let conv = weights["convs"][branch]
            let own = Window(
                channels: x.channels, kernel: 3 + 2 * branch, stride: window.stride, padding: 1 + branch, groups: groups ?? window.groups)
            maps.append(graph.relu(try graph.batchNorm(try graph.conv2d(x, own, conv[0]), conv[1])))
        }
        let stacked = try graph.concatenate(maps)

        let hidden = max(Int(Double(x.channels) / reduction), minimum)
        let z = try graph.linear(try graph.pooledSum(stacked, parts: branches), to: hidden, weights["fc"])
        var scores: [Value] = []
        for branch in 0..<branches {
            scores.append(try graph.linear(z, to: x.channels, weights["fcs"][branch]))
        }
        let select = try graph.softmax(try graph.reshape(try graph.concatenate(scores), to: [branches, x.channels]), axis: 0)

        let out = try graph.mix(stacked, by: select, parts: branches)
        graph.module(weights.path, operation: "SKConv", output: out)
        try graph.tap(select, layer: weights.path, kind: .branch, shape: [branches, x.channels])
        return out
    }
}
