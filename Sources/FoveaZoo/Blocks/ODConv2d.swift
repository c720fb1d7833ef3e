import FoveaGraph

/// Omni-dimensional dynamic convolution (Li et al., ICLR 2022): the kernel is, for each picture, a mixture of stored kernels that is
/// gated along its input channels, its output channels and its positions.
///
/// A branch that would have nothing to choose from does not exist: `filter_fc` of a depth-wise convolution, `spatial_fc` of a 1×1 one,
/// `kernel_fc` where there is one kernel.
///
/// Maps: `channel` [Cin], `filter` [Cout], `kernel_spatial` [k, k], `kernel` [K]; those that the layer skips are left out.
struct ODConv2d: ConvolutionModule {
    var reduction = 0.0625
    var kernelCount = 4
    var temperature: Float = 1
    /// The bottleneck has at least as many channels.
    var minChannel = 16
    /// Of the convolution, where they are not those of its place.
    var groups: Int?
    /// Of the convolution, where it is not that of its place.
    var dilation: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let window = window.with(groups: groups, dilation: dilation)
        let attention = weights["attention"]
        let kernelShape = try window.kernelShape(from: x.channels, weights)
        let kernels = try weights.parameter("weight", shape: [kernelCount] + kernelShape)
        let hidden = try bottleneck(x, attention, &graph)

        let channel = graph.sigmoid(try scores(x.channels, hidden, attention["channel_fc"], &graph))
        let isDepthwise = x.channels == window.groups && x.channels == window.channels
        let filter = isDepthwise ? nil : graph.sigmoid(try scores(window.channels, hidden, attention["filter_fc"], &graph))
        let area = window.kernel * window.kernel
        let spatial = area == 1 ? nil : graph.sigmoid(try scores(area, hidden, attention["spatial_fc"], &graph))
        let kernel = kernelCount == 1 ? nil : try graph.softmax(try scores(kernelCount, hidden, attention["kernel_fc"], &graph), axis: 0)

        let out = try graph.dynamicConvolution(
            x, kernels: kernels, kernelAttention: kernel, kernelSpatial: spatial, inputScale: channel, outputScale: filter,
            stride: window.stride, padding: window.padding, dilation: window.dilation, groups: window.groups, layer: weights.path)
        graph.module(weights.path, operation: "ODConv2d", output: out)

        try graph.tap(channel, layer: weights.path, kind: .channel, shape: [x.channels])
        if let filter { try graph.tap(filter, layer: weights.path, kind: .filter, shape: [window.channels]) }
        if let spatial { try graph.tap(spatial, layer: weights.path, kind: .kernelSpatial, shape: [window.kernel, window.kernel]) }
        if let kernel { try graph.tap(kernel, layer: weights.path, kind: .kernel, shape: [kernelCount]) }
        return out
    }

    /// What all branches read, from the pooled input.
    private func bottleneck(_ x: Value, _ attention: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = max(Int(Double(x.channels) * reduction), minChannel)
        let pooled = try graph.globalAveragePool(x, layer: attention["avgpool"].path)
        let squeezed = try graph.conv1x1(pooled, to: hidden, attention["fc"], bias: false)
        return graph.relu(try graph.batchNorm(squeezed, attention["bn"]))
    }

    /// A branch's numbers before its sigmoid or softmax, divided by the temperature.
    private func scores(_ count: Int, _ hidden: Value, _ branch: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let scores = try graph.conv1x1(hidden, to: count, branch)
        return temperature == 1 ? scores : graph.scale(scores, by: 1 / temperature)
    }
}
