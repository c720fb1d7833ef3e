import FoveaCompute

extension GraphBuilder {
    /// A convolution whose kernel is computed for each picture, added to a stored one's: base ∗ x + generated ∗ x + bias.
    ///
    /// As convolution is linear, this is run as one convolution with the sum of both kernels.
    /// - Parameter base: [Cout, Cin/groups, kh, kw]; nil is 0
    /// - Parameter baseBias: [Cout]
    /// - Parameter generated: [Cout, Cin/groups, kh, kw]: any computed value, reshaped
    public mutating func generatedConvolution(
        _ x: Value, base: Parameter?, baseBias: Parameter? = nil, generated: Value, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, layer: String
    ) throws(GraphError) -> Value {
        let geometry = try geometry(
            x, "the generated kernel", shape: generated.shape, stride: (stride, stride), padding: (padding, padding),
            dilation: (dilation, dilation), groups: groups, layer: layer)
        try require(base, shape: generated.shape, layer: layer)
        try require(baseBias, shape: [geometry.outputChannels], layer: layer)
        let shape = try checked(geometry.outputShape, layer: layer)
        table.add(layer, "Conv2d", shape, parameters: [base, baseBias], multiplyAdds: geometry.multiplyAdds)
        return append(.generatedConvolution(geometry, base: base, bias: baseBias), [x, generated], shape, layer: layer)
    }

    /// `torchvision.ops.DeformConv2d`: a convolution that reads each kernel point where its offset moves it, bilinearly, 0 outside.
    ///
    /// - Parameter offset: [2·G·kh·kw, OH, OW], in pixels, for each of G groups of input channels and each kernel point first y, then x
    /// - Parameter mask: [G·kh·kw, OH, OW], a factor for each point that is read; nil is 1
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Parameter bias: [Cout]
    public mutating func deformableConvolution(
        _ x: Value, offset: Value, mask: Value? = nil, weight: Parameter, bias: Parameter? = nil, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groups: Int = 1, layer: String
    ) throws(GraphError) -> Value {
        let geometry = try geometry(
            x, weight.name, shape: weight.shape, stride: (stride, stride), padding: (padding, padding), dilation: (dilation, dilation),
            groups: groups, layer: layer)
        try requireWhole(weight, layer: layer)
        try require(bias, shape: [geometry.outputChannels], layer: layer)
        let (size, taps) = (geometry.window.output, geometry.window.kernel.area)
        guard offset.shape.count == 3, Array(offset.shape[1...]) == [size.height, size.width], offset.shape[0].isMultiple(of: 2 * taps),
            let deformable = DeformableGeometry(geometry, offsetGroups: offset.shape[0] / (2 * taps))
        else {
            throw GraphError(
                layer: layer,
                "its offsets have the shape \(offset.shape), but [2·G·\(taps), \(size.height), \(size.width)] is needed, with G a divisor of the \(geometry.inputChannels) input channels"
            )
        }
        guard mask.map({ $0.shape == [deformable.points, size.height, size.width] }) ?? true else {
            throw GraphError(
                layer: layer,
                "its mask has the shape \(mask?.shape ?? []), but [\(deformable.points), \(size.height), \(size.width)] is needed")
        }
        let shape = try checked(geometry.outputShape, layer: layer)
        table.add(layer, "DeformConv2d", shape, parameters: [weight, bias], multiplyAdds: geometry.multiplyAdds)
        return append(
            .deformableConvolution(deformable, weight: weight, bias: bias), [x, offset] + (mask.map { [$0] } ?? []), shape, layer: layer)
    }

    /// How far offsets as `deformableConvolution` takes them reach, in pixels: the mean over a position's points of √(dy² + dx²).
    ///
    /// [2·G·kh·kw, H, W] to [H, W].
    public mutating func offsetLength(_ offset: Value) throws(GraphError) -> Value {
        let size = try requireMap(offset, layer: nil)
        guard offset.shape[0].isMultiple(of: 2) else {
            throw GraphError("offsets of the shape \(offset.shape) are not pairs of y and x")
        }
        return append(.offsetLength(points: offset.shape[0] / 2), [offset], [size.height, size.width])
    }
}
