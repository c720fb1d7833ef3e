import FoveaCompute

extension GraphBuilder {
    /// `torch.matmul`: […, m, k] times […, k, n], or times the transpose of […, n, k], to […, m, n].
    ///
    /// - Parameter layer: The module whose products they are; nil leaves them out of the table.
    public mutating func matrixProduct(
        _ a: Value, _ b: Value, transposingSecond: Bool = false, layer: String? = nil
    ) throws(GraphError) -> Value {
        guard let geometry = MatrixProductGeometry(a.shape, b.shape, transposesSecond: transposingSecond) else {
            let second = transposingSecond ? "the transpose of \(b.shape)" : "\(b.shape)"
            throw GraphError(layer: layer, "cannot multiply a matrix of the shape \(a.shape) by \(second)")
        }
        let shape = try checked(a.shape.dropLast(2) + [geometry.m, geometry.n], layer: layer)
        if let layer { table.add(layer, "MatMul", shape, multiplyAdds: geometry.multiplyAdds) }
        return append(.matrixProduct(geometry), [a, b], shape, layer: layer)
    }

    /// (x - mean) / (std + epsilon) along `axis`, with the unbiased standard deviation.
    public mutating func standardize(_ x: Value, axis: Int, epsilon: Float) throws(GraphError) -> Value {
        let geometry = try axisGeometry(x, axis)
        guard geometry.length > 1 else {
            throw GraphError("the standard deviation of one number, along axis \(axis) of the shape \(x.shape), is not defined")
        }
        return append(.standardize(geometry, epsilon: epsilon), [x], x.shape)
    }

    /// x · weight + bias along the first axis.
    ///
    /// - Parameter weight: [C]
    /// - Parameter bias: [C]
    public mutating func affine(_ x: Value, weight: Parameter, bias: Parameter, layer: String) throws(GraphError) -> Value {
        guard let channels = x.shape.first else { throw GraphError(layer: layer, "needs channels, but its input has none") }
        for parameter in [weight, bias] { try require(parameter, shape: [channels], layer: layer) }
        table.add(layer, "Affine", x.shape, parameters: [weight, bias])
        func constant(_ value: Float) -> Parameter {
            Parameter(name: layer, shape: [channels], values: [Float](repeating: value, count: channels))
        }
        let norm = BatchNorm(weight: weight, bias: bias, runningMean: constant(0), runningVar: constant(1), eps: 0)
        return append(.batchNorm(norm), [x], x.shape, layer: layer)
    }
}
