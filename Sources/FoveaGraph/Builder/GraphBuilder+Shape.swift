import FoveaCompute

extension GraphBuilder {
    /// All elements as one vector, in row-major order.
    public mutating func flatten(_ x: Value) -> Value {
        append(.reshape, [x], [x.shape.reduce(1, *)])
    }

    /// The same elements in another shape; costs nothing.
    public mutating func reshape(_ x: Value, to shape: Shape) throws(GraphError) -> Value {
        guard shape.elementCount == x.shape.elementCount else {
            throw GraphError("a value of the shape \(x.shape) cannot be reshaped to \(shape)")
        }
        return append(.reshape, [x], shape)
    }

    /// The elements `from..<to` along `axis`, which counts from the back where negative.
    public mutating func slice(_ x: Value, axis: Int, from: Int, to: Int) throws(GraphError) -> Value {
        let geometry = try axisGeometry(x, axis)
        guard from >= 0, from < to, to <= geometry.length else {
            throw GraphError("a value of the shape \(x.shape) has no elements \(from) up to \(to) along axis \(axis)")
        }
        var shape = x.shape
        shape[axis < 0 ? axis + shape.count : axis] = to - from
        return append(.slice(geometry, from..<to), [x], shape)
    }

    /// The values one behind the other along `axis`; their other extents are equal.
    public mutating func concatenate(_ values: [Value], axis: Int = 0) throws(GraphError) -> Value {
        guard let first = values.first else { throw GraphError("nothing to concatenate") }
        let index = axis < 0 ? axis + first.shape.count : axis
        guard first.shape.indices.contains(index) else { throw GraphError("a value of the shape \(first.shape) has no axis \(axis)") }
        var shape = first.shape
        shape[index] = 0
        for value in values {
            var others = value.shape
            if others.count == shape.count {
                shape[index] += others[index]
                others[index] = first.shape[index]
            }
            guard others == first.shape else {
                throw GraphError("cannot concatenate the shapes \(values.map(\.shape)) along axis \(axis)")
            }
        }
        return append(.concatenate(outer: shape.extent(of: 0..<index)), values, try checked(shape, layer: nil))
    }
}
