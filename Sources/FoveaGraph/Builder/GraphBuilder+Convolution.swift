import FoveaCompute

extension GraphBuilder {
    /// `torch.nn.Conv2d`, square: [Cin, H, W] to [Cout, OH, OW].
    ///
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Parameter bias: [Cout]
    public mutating func convolution(
        _ x: Value, weight: Parameter, bias: Parameter? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
        layer: String
    ) throws(GraphError) -> Value {
        try convolution(
            x, weight: weight, bias: bias, stride: (stride, stride), padding: (padding, padding), dilation: (dilation, dilation),
            groups: groups, layer: layer)
    }

    /// `torch.nn.Conv2d` with a stride, padding and dilation per axis (height, width).
    public mutating func convolution(
        _ x: Value, weight: Parameter, bias: Parameter? = nil, stride: (Int, Int), padding: (Int, Int), dilation: (Int, Int) = (1, 1),
        groups: Int = 1, layer: String
    ) throws(GraphError) -> Value {
        let geometry = try geometry(
            x, weight.name, shape: weight.shape, stride: stride, padding: padding, dilation: dilation, groups: groups, layer: layer)
        try requireWhole(weight, layer: layer)
        try require(bias, shape: [geometry.outputChannels], layer: layer)
        let shape = try checked(geometry.outputShape, layer: layer)
        table.add(layer, "Conv2d", shape, parameters: [weight, bias], multiplyAdds: geometry.multiplyAdds)
        return append(.convolution(geometry, weight: weight, bias: bias), [x], shape, layer: layer)
    }

    /// A convolution whose weights are mixed for each picture: DYConv's and ODConv's "aggregate, then convolve".
    ///
    /// With W = Σₖ kernelAttention[k] · kernelSpatial ⊙ kernels[k], it computes
    /// outputScale ⊙ (W ∗ (inputScale ⊙ x) + b). An attention that is nil is 1 everywhere. Attentions may have any shape with the right
    /// number of elements ([C, 1, 1] as well as [C]).
    ///
    /// - Parameter kernels: [K, Cout, Cin/groups, kh, kw]
    /// - Parameter kernelAttention: K numbers; needed where K is more than 1
    /// - Parameter kernelSpatial: kh·kw numbers
    /// - Parameter inputScale: Cin numbers
    /// - Parameter outputScale: Cout numbers
    /// - Parameter bias: [Cout], or [K, Cout] and mixed by `kernelAttention` like the kernels
    public mutating func dynamicConvolution(
        _ x: Value, kernels: Parameter, kernelAttention: Value? = nil, kernelSpatial: Value? = nil, inputScale: Value? = nil,
        outputScale: Value? = nil, bias: Parameter? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
        layer: String
    ) throws(GraphError) -> Value {
        guard kernels.shape.count == 5 else {
            throw GraphError(layer: layer, "\(kernels.name) has the shape \(kernels.shape), but [K, Cout, Cin/groups, k, k] is needed")
        }
        let geometry = try geometry(
            x, kernels.name, shape: Shape(kernels.shape.dropFirst()), stride: (stride, stride), padding: (padding, padding),
            dilation: (dilation, dilation), groups: groups, layer: layer)
        try requireWhole(kernels, layer: layer)
        let count = kernels.shape[0]
        if let bias, bias.shape.count == 2 {
            try require(bias, shape: [count, geometry.outputChannels], layer: layer)
        } else {
            try require(bias, shape: [geometry.outputChannels], layer: layer)
        }
        guard kernelAttention != nil || count == 1 else {
            throw GraphError(layer: layer, "mixes \(count) kernels, but has no attention over them")
        }
        let attentions: [(kind: DynamicConvolution.Attention, value: Value?, count: Int, what: String)] = [
            (.kernel, kernelAttention, count, "the kernels"),
            (.kernelSpatial, kernelSpatial, geometry.window.kernel.area, "the kernel's positions"),
            (.inputScale, inputScale, geometry.inputChannels, "the input channels"),
            (.outputScale, outputScale, geometry.outputChannels, "the output channels"),
        ]
        for case (_, let value?, let count, let what) in attentions where value.shape.elementCount != count {
            throw GraphError(layer: layer, "its attention over \(what) has the shape \(value.shape), but \(count) numbers are needed")
        }
        let shape = try checked(geometry.outputShape, layer: layer)
        let mixing = kernelAttention == nil ? 0 : kernels.values.count
        table.add(layer, "DynamicConv2d", shape, parameters: [kernels, bias], multiplyAdds: geometry.multiplyAdds + mixing)
        let operation = DynamicConvolution(
            geometry: geometry, kernels: kernels, bias: bias, attentions: attentions.filter { $0.value != nil }.map(\.kind))
        return append(.dynamicConvolution(operation), [x] + attentions.compactMap(\.value), shape, layer: layer)
    }

    /// `torch.nn.Linear` on a vector [in], or a 1×1 convolution on a pooled vector: [in] to [out], [in, 1, 1] to [out, 1, 1].
    ///
    /// - Parameter weight: [out, in], or [out, in, 1, 1]
    /// - Parameter bias: [out]
    public mutating func linear(_ x: Value, weight: Parameter, bias: Parameter? = nil, layer: String) throws(GraphError) -> Value {
        guard x.shape.count == 1 || (x.shape.count == 3 && x.shape[1] == 1 && x.shape[2] == 1) else {
            throw GraphError(layer: layer, "needs a vector, but its input has the shape \(x.shape); flatten it first")
        }
        let isConvolution = weight.shape.count == 4 && weight.shape[2...] == [1, 1]
        guard weight.shape.count == 2 || isConvolution, weight.shape[1] == x.shape[0] else {
            throw GraphError(
                layer: layer, "\(weight.name) has the shape \(weight.shape), which does not fit an input of \(x.shape[0]) numbers")
        }
        try requireWhole(weight, layer: layer)
        try require(bias, shape: [weight.shape[0]], layer: layer)
        let shape = [weight.shape[0]] + x.shape.dropFirst()
        table.add(layer, isConvolution ? "Conv2d" : "Linear", shape, parameters: [weight, bias], multiplyAdds: weight.values.count)
        return append(.linear(weight: weight, bias: bias), [x], shape, layer: layer)
    }

    /// `torch.nn.BatchNorm2d` in evaluation, or `BatchNorm1d`, along the first axis of [C, H, W] or [C].
    ///
    /// - Parameter weight: [C]; nil is 1
    /// - Parameter bias: [C]; nil is 0
    public mutating func batchNorm(
        _ x: Value, weight: Parameter?, bias: Parameter?, runningMean: Parameter, runningVar: Parameter, eps: Float = 1e-5, layer: String
    ) throws(GraphError) -> Value {
        guard let channels = x.shape.first else { throw GraphError(layer: layer, "a batch norm needs channels, but its input has none") }
        for parameter in [weight, bias, runningMean, runningVar] { try require(parameter, shape: [channels], layer: layer) }
        table.add(layer, "BatchNorm2d", x.shape, parameters: [weight, bias])
        let norm = BatchNorm(weight: weight, bias: bias, runningMean: runningMean, runningVar: runningVar, eps: eps)
        return append(.batchNorm(norm), [x], x.shape, layer: layer)
    }

    /// The sizes of a convolution with the weights `name` of shape `shape`.
    func geometry(
        _ x: Value, _ name: String, shape: Shape, stride: (Int, Int), padding: (Int, Int), dilation: (Int, Int), groups: Int,
        layer: String
    ) throws(GraphError) -> ConvolutionGeometry {
        let size = try requireMap(x, layer: layer)
        guard shape.count == 4 else {
            throw GraphError(layer: layer, "\(name) has the shape \(shape), but [Cout, Cin/groups, kh, kw] is needed")
        }
        guard
            let window = WindowGeometry(
                kernel: Extent2D(shape[2], shape[3]), stride: Extent2D(stride.0, stride.1), padding: Extent2D(padding.0, padding.1),
                dilation: Extent2D(dilation.0, dilation.1), input: size)
        else {
            let placing = "stride \(stride), padding \(padding) and dilation \(dilation)"
            throw GraphError(layer: layer, "a \(shape[2])×\(shape[3]) window with \(placing) does not fit the map \(x.shape)")
        }
        guard let geometry = ConvolutionGeometry(inputChannels: x.shape[0], outputChannels: shape[0], groups: groups, window: window),
            geometry.inputsPerGroup == shape[1], geometry.weightCount.multipliedReportingOverflow(by: geometry.outputArea).overflow == false
        else {
            throw GraphError(
                layer: layer, "\(name) of shape \(shape) in \(groups) groups does not fit an input of \(x.shape[0]) channels")
        }
        return geometry
    }
}
