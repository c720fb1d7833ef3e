import FoveaGraph

/// What a ResNet's stages are made of.
protocol ResNetBlock: Sendable {
    /// Output channels per plane.
    var expansion: Int { get }

    func callAsFunction(_ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value
}

/// How a block's input is brought to the shape of its output: `downsample`.
struct Shortcut: Sendable {
    /// The projection.
    var convolution: any ConvolutionModule = Conv2d(bias: false)
    /// Whether the map is averaged down first, so that the projection need not skip positions ("avg_down", the `d` of `resnet50d`).
    var averages = false

    func callAsFunction(
        _ x: Value, channels: Int, stride: Int, _ downsample: Weights, _ graph: inout GraphBuilder
    ) throws -> Value {
        guard stride != 1 || x.channels != channels else { return x }
        guard averages else {
            let projected = try convolution(x, Window(channels: channels, stride: stride), downsample[0], &graph)
            return try graph.batchNorm(projected, downsample[1])
        }
        let pooled =
            stride == 1
            ? x
            : try graph.averagePool(
                x, kernel: 2, stride: stride, ceilMode: true, countIncludePad: false, layer: downsample[0].path)
        return try graph.batchNorm(try convolution(pooled, Window(channels: channels), downsample[1], &graph), downsample[2])
    }
}
