import FoveaCompute
import FoveaGraph

/// A convolution whose kernel is a stored one plus one that is generated for each picture: a sigmoid of two 1×1 convolutions of the pooled
/// input, as many numbers as the kernel has weights.
///
/// Maps: `filter` [Cout], `channel` [Cin], `kernel_spatial` [k, k], the means of the generated kernel over its other axes.
struct DynamicConvAttention: ConvolutionModule {
    var reductionRatio = 16

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        guard window.groups == 1 else {
            throw ModelError("\(weights.path): a generated kernel reads all channels; it cannot take the place of \(window.groups) groups.")
        }
        let hidden = x.channels / reductionRatio
        guard hidden > 0 else {
            throw ModelError("\(weights.path): a reduction_ratio of \(reductionRatio) leaves none of \(x.channels) channels.")
        }
        let shape = try window.kernelShape(from: x.channels, weights)
        let attention = weights["attention"]
        let pooled = try graph.globalAveragePool(x, layer: attention[0].path)
        let squeezed = graph.relu(try graph.conv1x1(pooled, to: hidden, attention[1]))
        let count = try kernelCount(shape, weights)
        let kernel = try graph.reshape(graph.sigmoid(try graph.conv1x1(squeezed, to: count, attention[3])), to: shape)

        let base = weights["base_conv"]
        let out = try graph.generatedConvolution(
            x, base: try base.parameter("weight", shape: shape), baseBias: try base.parameter("bias", shape: [window.channels]),
            generated: kernel, stride: window.stride, padding: window.padding, dilation: window.dilation, layer: base.path)
        graph.module(weights.path, operation: "DynamicConvAttention", output: out)
        try graph.tap(try graph.mean(kernel, axes: [1, 2, 3]), layer: weights.path, kind: .filter, shape: [window.channels])
        try graph.tap(try graph.mean(kernel, axes: [0, 2, 3]), layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(
            try graph.mean(kernel, axes: [0, 1]), layer: weights.path, kind: .kernelSpatial, shape: [window.kernel, window.kernel])
        return out
    }

    /// Weights of one picture's kernel; a channel count that comes from the arguments could overflow.
    private func kernelCount(_ shape: [Int], _ weights: Weights) throws(ModelError) -> Int {
        guard let count = shape.elementCount else {
            throw ModelError("\(weights.path): a generated kernel of shape \(shape) is too large.")
        }
        return count
    }
}
