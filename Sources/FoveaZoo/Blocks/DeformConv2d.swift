import FoveaGraph

/// The offset-sampled convolution (Dai et al., 2017; modulated: Zhu et al., 2019): each kernel point of each position reads the map at an
/// offset of its own, between the pixels bilinearly. `weight` and `bias` are those of torchvision's `DeformConv2d`.
///
/// Maps: `offset` [2k², H, W], `spatial` [H, W], the mean length of a position's offsets, and `mask` [k², H, W] where modulated.
struct DeformConv2d: ConvolutionModule {
    /// Whether each point is also weighted, by a sigmoid.
    var modulated = false
    var bias = true
    /// Of the convolution, where they are not those of its place.
    var groups: Int?
    /// Of the convolution, where it is not that of its place.
    var dilation: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let window = window.with(groups: groups, dilation: dilation)
        let points = window.kernel * window.kernel
        let offset = try graph.conv2d(x, try sampling(2 * points, window, weights), weights["offset"])
        let mask = modulated ? graph.sigmoid(try graph.conv2d(x, try sampling(points, window, weights), weights["mask"])) : nil
        let weight = try weights.parameter("weight", shape: try window.kernelShape(from: x.channels, weights))
        let bias = bias ? try weights.parameter("bias", shape: [window.channels]) : nil

        let out = try graph.deformableConvolution(
            x, offset: offset, mask: mask, weight: weight, bias: bias, stride: window.stride, padding: window.padding,
            dilation: window.dilation, groups: window.groups, layer: weights.path)
        graph.module(weights.path, operation: "DeformConv2d", output: out)
        let size = out.mapShape
        try graph.tap(offset, layer: weights.path, kind: .offset, shape: [2 * points] + size)
        try graph.tap(try graph.offsetLength(offset), layer: weights.path, kind: .spatial, shape: size)
        if let mask { try graph.tap(mask, layer: weights.path, kind: .mask, shape: [points] + size) }
        return out
    }

    /// The 3×3 window of `offset` and `mask`, placed so that it has as many positions as the convolution's own, larger or smaller one.
    private func sampling(_ channels: Int, _ window: Window, _ weights: Weights) throws(ModelError) -> Window {
        let excess = window.dilation * (window.kernel - 1) - 2
        let padding = window.padding - excess / 2
        guard excess.isMultiple(of: 2), padding >= 0 else {
            throw ModelError(
                "\(weights.path): a 3×3 convolution of the offsets cannot have the positions of a kernel of \(window.kernel) with a padding "
                    + "of \(window.padding).")
        }
        return Window(channels: channels, kernel: 3, stride: window.stride, padding: padding)
    }
}
