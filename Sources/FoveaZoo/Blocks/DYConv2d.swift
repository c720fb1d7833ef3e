import FoveaGraph

/// Dynamic convolution (Chen et al., CVPR 2020): the kernel is, for each picture, a softmax-weighted sum of stored kernels.
///
/// Maps: `kernel` [K].
struct DYConv2d: ConvolutionModule {
    /// The bottleneck's share of the input channels.
    var ratio = 0.25
    var kernelCount = 4
    var temperature: Float = 34
    /// One bias per kernel, mixed as they are.
    var bias = true
    /// Of the convolution, where they are not those of its place.
    var groups: Int?
    /// Of the convolution, where it is not that of its place.
    var dilation: Int?

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let window = window.with(groups: groups, dilation: dilation)
        let kernelShape = try window.kernelShape(from: x.channels, weights)
        let kernels = try weights.parameter("weight", shape: [kernelCount] + kernelShape)
        let biases = bias ? try weights.parameter("bias", shape: [kernelCount, window.channels]) : nil

        let attention = weights["attention"]
        // Of a picture's three channels a share would be none.
        let hidden = x.channels == 3 ? kernelCount : Int(Double(x.channels) * ratio) + 1
        let pooled = try graph.globalAveragePool(x, layer: attention["avgpool"].path)
        let squeezed = graph.relu(try graph.conv1x1(pooled, to: hidden, attention["fc1"], bias: false))
        let scores = try graph.conv1x1(squeezed, to: kernelCount, attention["fc2"])
        let mix = try graph.softmax(temperature == 1 ? scores : graph.scale(scores, by: 1 / temperature), axis: 0)

        let out = try graph.dynamicConvolution(
            x, kernels: kernels, kernelAttention: mix, bias: biases, stride: window.stride, padding: window.padding,
            dilation: window.dilation, groups: window.groups, layer: weights.path)
        graph.module(weights.path, operation: "DYConv2d", output: out)
        try graph.tap(mix, layer: weights.path, kind: .kernel, shape: [kernelCount])
        return out
    }
}
