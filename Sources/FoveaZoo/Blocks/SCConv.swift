import FoveaGraph

/// Self-calibrated convolution (Liu et al., CVPR 2020): `k3`'s output is gated by what `k2` sees on a smaller map; `k4` convolves it.
///
/// Maps: `spatial` [H, W], the gate's mean over the channels.
struct SCConv: ConvolutionModule {
    /// Side of the windows that `k2` averages over first.
    var poolingR = 4
    /// Of the convolutions, where they are not those of the place.
    var groups: Int?
    /// Of the convolutions, where it is not that of the place.
    var dilation: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        guard x.channels == window.channels, let height = x.mapShape.first, let width = x.mapShape.last else {
            throw ModelError(
                "\(weights.path): a self-calibrated convolution keeps its channels, but here \(x.channels) become \(window.channels).")
        }
        var inner = window.with(groups: groups, dilation: dilation)
        var outer = inner
        inner.stride = 1
        outer.stride = window.stride

        let k2 = weights["k2"]
        let pooled = try graph.averagePool(x, kernel: poolingR, stride: poolingR, layer: k2[0].path)
        let context = try graph.batchNorm(try graph.conv2d(pooled, inner, k2[1], bias: false), k2[2])
        let gate = graph.sigmoid(try graph.add(x, try graph.upsampleNearest(context, to: (height, width))))

        let k3 = weights["k3"]
        let content = try graph.batchNorm(try graph.conv2d(x, inner, k3[0], bias: false), k3[1])
        let k4 = weights["k4"]
        let calibrated = try graph.multiply(content, gate)
        let out = try graph.batchNorm(try graph.conv2d(calibrated, outer, k4[0], bias: false), k4[1])
        graph.module(weights.path, operation: "SCConv", output: out)
        try graph.tap(try graph.mean(gate, axis: 0), layer: weights.path, kind: .spatial, shape: x.mapShape)
        return out
    }
}
