import FoveaGraph

/// PyTorch's elementary modules: a convolution, a linear layer or a norm whose tensors lie in one scope.
extension GraphBuilder {
    /// `torch.nn.Conv2d`. A 1×1 convolution also takes a pooled vector [C] and then returns one.
    mutating func conv2d(_ x: Value, _ window: Window, _ weights: Weights, bias: Bool = true) throws -> Value {
        let weight = try weights.parameter("weight", shape: try window.kernelShape(from: x.channels, weights))
        let bias = bias ? try weights.parameter("bias", shape: [window.channels]) : nil
        if x.shape.count == 1, window.kernel == 1 {
            if window.groups == 1 { return try linear(x, weight: weight, bias: bias, layer: weights.path) }
            let column = try reshape(x, to: [x.channels, 1, 1])
            return flatten(try convolution(column, weight: weight, bias: bias, groups: window.groups, layer: weights.path))
        }
        return try convolution(
            x, weight: weight, bias: bias, stride: window.stride, padding: window.padding, dilation: window.dilation, groups: window.groups,
            layer: weights.path)
    }

    /// A 1×1 `torch.nn.Conv2d` to `channels` channels.
    mutating func conv1x1(_ x: Value, to channels: Int, _ weights: Weights, bias: Bool = true) throws -> Value {
        try conv2d(x, Window(channels: channels), weights, bias: bias)
    }

    /// `torch.nn.Linear` from a vector [in] to [features].
    mutating func linear(_ x: Value, to features: Int, _ weights: Weights, bias: Bool = true) throws -> Value {
        guard features > 0 else { throw ModelError("\(weights.path): a linear layer cannot have \(features) outputs.") }
        let weight = try weights.parameter("weight", shape: [features, x.channels])
        let bias = bias ? try weights.parameter("bias", shape: [features]) : nil
        return try linear(x, weight: weight, bias: bias, layer: weights.path)
    }

    /// `torch.nn.BatchNorm2d` on its stored statistics.
    mutating func batchNorm(_ x: Value, _ weights: Weights) throws -> Value {
        let shape = [x.channels]
        return try batchNorm(
            x, weight: try weights.parameter("weight", shape: shape), bias: try weights.parameter("bias", shape: shape),
            runningMean: try weights.parameter("running_mean", shape: shape),
            runningVar: try weights.parameter("running_var", shape: shape),
            layer: weights.path)
    }
}

extension Value {
    /// The first extent: the channels of [C, H, W] and of [C].
    var channels: Int { shape.first ?? 0 }

    /// What follows the channels: [H, W].
    var mapShape: [Int] { Array(shape.dropFirst()) }
}

/// `torch.nn.Conv2d`.
struct Conv2d: ConvolutionModule {
    var bias = true

    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        try graph.conv2d(x, window, weights, bias: bias)
    }
}
