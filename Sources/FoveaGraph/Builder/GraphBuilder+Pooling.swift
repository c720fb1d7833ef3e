import FoveaCompute

extension GraphBuilder {
    /// `torch.nn.MaxPool2d`; a stride of nil is the kernel's size.
    public mutating func maxPool(
        _ x: Value, kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false, layer: String? = nil
    ) throws(GraphError) -> Value {
        try pool(.max, x, kernel, stride, padding, dilation, ceilMode, "MaxPool2d", layer)
    }

    /// `torch.nn.AvgPool2d`; a stride of nil is the kernel's size.
    public mutating func averagePool(
        _ x: Value, kernel: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
        layer: String? = nil
    ) throws(GraphError) -> Value {
        try pool(.average(countIncludePad: countIncludePad), x, kernel, stride, padding, 1, ceilMode, "AvgPool2d", layer)
    }

    /// `torch.nn.AdaptiveAvgPool2d`: output position i of n is the mean of the rows ⌊i·H/n⌋ to ⌈(i+1)·H/n⌉.
    public mutating func adaptiveAveragePool(_ x: Value, to size: (Int, Int), layer: String? = nil) throws(GraphError) -> Value {
        let (shape, input, output) = try resized(x, size, "AdaptiveAvgPool2d", layer)
        return append(.adaptiveAveragePool(input: input, output: output), [x], shape, layer: layer)
    }

    /// The mean of each channel: [C, H, W] to the vector [C].
    public mutating func globalAveragePool(_ x: Value, layer: String? = nil) throws(GraphError) -> Value {
        try globalPool(.mean, x, "AdaptiveAvgPool2d", layer)
    }

    /// The largest element of each channel: [C, H, W] to the vector [C].
    public mutating func globalMaxPool(_ x: Value, layer: String? = nil) throws(GraphError) -> Value {
        try globalPool(.max, x, "AdaptiveMaxPool2d", layer)
    }

    /// `torch.nn.functional.interpolate(mode="nearest")`: output row i of n reads row ⌊i · (H/n)⌋, in float32.
    public mutating func upsampleNearest(_ x: Value, to size: (Int, Int), layer: String? = nil) throws(GraphError) -> Value {
        let (shape, input, output) = try resized(x, size, "Upsample", layer)
        return append(.upsampleNearest(input: input, output: output), [x], shape, layer: layer)
    }

    // MARK: -

    private mutating func pool(
        _ kind: PoolingKind, _ x: Value, _ kernel: Int, _ stride: Int?, _ padding: Int, _ dilation: Int, _ ceilMode: Bool, _ name: String,
        _ layer: String?
    ) throws(GraphError) -> Value {
        let size = try requireMap(x, layer: layer)
        // PyTorch refuses a padding of more than half the kernel too: a window could hold nothing but padding.
        guard padding <= kernel / 2,
            let window = WindowGeometry(
                kernel: Extent2D(kernel), stride: Extent2D(stride ?? kernel), padding: Extent2D(padding), dilation: Extent2D(dilation),
                input: size, ceilMode: ceilMode)
        else {
            throw GraphError(
                layer: layer,
                "a pooling of \(kernel)×\(kernel) with stride \(stride ?? kernel) and padding \(padding) does not fit the map \(x.shape)")
        }
        let shape = try checked([x.shape[0], window.output.height, window.output.width], layer: layer)
        if let layer { table.add(layer, name, shape) }
        return append(.pool(kind, window), [x], shape, layer: layer)
    }

    private mutating func resized(
        _ x: Value, _ size: (Int, Int), _ name: String, _ layer: String?
    ) throws(GraphError) -> (Shape, Extent2D, Extent2D) {
        let input = try requireMap(x, layer: layer)
        guard size.0 > 0, size.1 > 0 else { throw GraphError(layer: layer, "cannot resize a map to \(size)") }
        let shape = try checked([x.shape[0], size.0, size.1], layer: layer)
        if let layer { table.add(layer, name, shape) }
        return (shape, input, Extent2D(size.0, size.1))
    }

    private mutating func globalPool(_ reduction: Reduction, _ x: Value, _ name: String, _ layer: String?) throws(GraphError) -> Value {
        let size = try requireMap(x, layer: layer)
        let flat = append(.reshape, [x], [x.shape[0], size.area])
        let pooled = try reduce(reduction, flat, 1, false, layer: layer)
        if let layer { table.add(layer, name, pooled.shape) }
        return pooled
    }
}
