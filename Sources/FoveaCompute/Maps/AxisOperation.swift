/// The mean, the maximum or the softmax along one axis of a row-major tensor.
public struct AxisOperation: Sendable {
    /// What is made of the numbers along the axis.
    public enum Kind: Sendable, Hashable {
        case reduce(Reduction)
        case softmax
    }

    /// What is made of the numbers along the axis.
    public let kind: Kind
    /// [outer, length, inner]
    public let axis: AxisGeometry

    package init(_ kind: Kind, _ axis: AxisGeometry) {
        self.kind = kind
        self.axis = axis
    }
}
