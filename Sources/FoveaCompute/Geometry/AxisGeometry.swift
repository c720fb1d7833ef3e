/// A tensor seen along one of its axes, as [outer, length, inner].
public struct AxisGeometry: Sendable, Hashable {
    package let outer: Int
    package let length: Int
    package let inner: Int

    /// - Parameter axis: Counted from the front, or from the back where negative.
    /// - Returns: `nil` where `shape` has no such axis.
    public init?(_ shape: Shape, axis: Int) {
        let axis = axis < 0 ? axis + shape.count : axis
        guard shape.indices.contains(axis) else { return nil }
        outer = shape.extent(of: 0..<axis)
        length = shape[axis]
        inner = shape.extent(of: axis + 1..<shape.count)
    }
}
