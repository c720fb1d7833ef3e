import FoveaCompute

extension GraphBuilder {
    /// max(x, 0)
    public mutating func relu(_ x: Value, layer: String? = nil) -> Value {
        activation(.relu, x, "ReLU", layer)
    }

    /// 1 / (1 + exp(-x))
    public mutating func sigmoid(_ x: Value, layer: String? = nil) -> Value {
        activation(.sigmoid, x, "Sigmoid", layer)
    }

    /// √x; not a number where x is negative.
    public mutating func squareRoot(_ x: Value) -> Value {
        activation(.squareRoot, x, "Sqrt", nil)
    }

    /// x · factor: a temperature, or a constant in front of a branch.
    public mutating func scale(_ x: Value, by factor: Float) -> Value {
        append(.scale(factor), [x], x.shape)
    }

    /// a + b. Shapes are broadcast as in PyTorch, except that a vector [C] belongs to the channels of [C, H, W].
    public mutating func add(_ a: Value, _ b: Value) throws(GraphError) -> Value {
        try binary(.add, a, b)
    }

    /// a - b, broadcast as in `add`.
    public mutating func subtract(_ a: Value, _ b: Value) throws(GraphError) -> Value {
        try binary(.subtract, a, b)
    }

    /// a · b, element by element, broadcast as in `add`: gates [C], [C, 1, 1], [1, H, W] over [C, H, W].
    public mutating func multiply(_ a: Value, _ b: Value) throws(GraphError) -> Value {
        try binary(.multiply, a, b)
    }

    /// a / b, element by element, broadcast as in `add`.
    public mutating func divide(_ a: Value, _ b: Value) throws(GraphError) -> Value {
        try binary(.divide, a, b)
    }

    /// exp(x) divided by its sum along `axis`, which counts from the back where negative.
    public mutating func softmax(_ x: Value, axis: Int) throws(GraphError) -> Value {
        append(.softmax(try axisGeometry(x, axis)), [x], x.shape)
    }

    /// The mean along `axis`: over the channels of [C, H, W], [1, H, W] with `axis` 0.
    public mutating func mean(_ x: Value, axis: Int, keepDimension: Bool = true) throws(GraphError) -> Value {
        try reduce(.mean, x, axis, keepDimension)
    }

    /// The mean along several axes, which are left out of the result's shape unless `keepDimensions`.
    ///
    /// Leading axes are averaged one after the other: sums stay short enough for float32, whatever the extents.
    public mutating func mean(_ x: Value, axes: [Int], keepDimensions: Bool = false) throws(GraphError) -> Value {
        let rank = x.shape.count
        let axes = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
        guard !axes.isEmpty, axes.allSatisfy({ 0..<rank ~= $0 }) else {
            throw GraphError("a value of the shape \(x.shape) cannot be averaged along the axes \(axes.sorted())")
        }
        // The last axes are averaged in one go: their elements are neighbours.
        let trailing = ((0..<rank).last { !axes.contains($0) } ?? -1) + 1
        var y = x
        for axis in axes.sorted() where axis < trailing { y = try mean(y, axis: axis) }
        if trailing < rank {
            let flat = try reshape(y, to: [y.shape.extent(of: 0..<trailing), y.shape.extent(of: trailing..<rank)])
            y = try mean(flat, axis: 1)
        }
        let shape = x.shape.indices.compactMap { axes.contains($0) ? (keepDimensions ? 1 : nil) : x.shape[$0] }
        return try reshape(y, to: shape)
    }

    /// The largest element along `axis`.
    public mutating func max(_ x: Value, axis: Int, keepDimension: Bool = true) throws(GraphError) -> Value {
        try reduce(.max, x, axis, keepDimension)
    }

    // MARK: -

    private mutating func activation(_ activation: Activation, _ x: Value, _ name: String, _ layer: String?) -> Value {
        if let layer { table.add(layer, name, x.shape) }
        return append(.activation(activation), [x], x.shape, layer: layer)
    }

    private mutating func binary(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(GraphError) -> Value {
        let shape = try checked(broadcastShape(a.shape, b.shape, operation), layer: nil)
        guard let first = Broadcast(a.shape, over: shape), let second = Broadcast(b.shape, over: shape) else {
            throw GraphError("cannot \(operation) values of the shapes \(a.shape) and \(b.shape)")
        }
        return append(.binary(operation, first, second), [a, b], shape)
    }

    private func broadcastShape(_ a: Shape, _ b: Shape, _ operation: BinaryOperator) throws(GraphError) -> Shape {
        if Broadcast(b, over: a) != nil { return a }
        if Broadcast(a, over: b) != nil { return b }
        guard a.count == b.count, zip(a, b).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
            throw GraphError("cannot \(operation) values of the shapes \(a) and \(b)")
        }
        return zip(a, b).map { Swift.max($0, $1) }
    }

    mutating func reduce(
        _ reduction: Reduction, _ x: Value, _ axis: Int, _ keep: Bool, layer: String? = nil
    ) throws(GraphError) -> Value {
        let geometry = try axisGeometry(x, axis)
        let axis = axis < 0 ? axis + x.shape.count : axis
        var shape = x.shape
        if keep { shape[axis] = 1 } else { shape.remove(at: axis) }
        return append(.reduce(reduction, geometry), [x], shape, layer: layer)
    }

    func axisGeometry(_ x: Value, _ axis: Int) throws(GraphError) -> AxisGeometry {
        guard let geometry = AxisGeometry(x.shape, axis: axis) else {
            throw GraphError("a value of the shape \(x.shape) has no axis \(axis)")
        }
        return geometry
    }
}
