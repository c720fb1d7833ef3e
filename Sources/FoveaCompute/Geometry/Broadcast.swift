/// How a smaller tensor is repeated over a larger one: seen as [outer, repeated, inner], it is constant along the middle axis.
///
/// A channel gate [C] over [C, H, W] is (C, H·W, 1), a spatial gate [1, H, W] is (1, C, H·W), one number is (1, C·H·W, 1).
public struct Broadcast: Sendable, Hashable {
    package let outer: Int
    package let repeated: Int
    package let inner: Int

    package init(outer: Int, repeated: Int, inner: Int) {
        self.outer = outer
        self.repeated = repeated
        self.inner = inner
    }

    /// Elements of the larger tensor.
    public var count: Int { outer * repeated * inner }
    /// Elements of the smaller tensor.
    public var operandCount: Int { outer * inner }
    /// Whether both have the same elements.
    public var isIdentity: Bool { repeated == 1 }

    /// Lays `operand` over `shape`.
    ///
    /// Ranks equal: each extent is the same or 1. A vector over a tensor of a higher rank belongs to the first axis (a gate per
    /// channel); any other shorter shape is aligned with the last axes, as in PyTorch.
    /// - Returns: `nil` where the shapes do not fit, or where the repeated axes are not neighbours.
    public init?(_ operand: Shape, over shape: Shape) {
        var operand = operand
        if operand.reduce(1, *) == 1 {
            operand = Shape(repeating: 1, count: shape.count)
        } else if operand.count == 1, shape.count > 1 {
            operand += Shape(repeating: 1, count: shape.count - 1)
        } else if operand.count < shape.count {
            operand = Shape(repeating: 1, count: shape.count - operand.count) + operand
        }
        guard operand.count == shape.count, zip(operand, shape).allSatisfy({ $0 == $1 || $0 == 1 }) else { return nil }
        let first = operand.indices.first { operand[$0] != shape[$0] } ?? operand.count
        let last = operand.indices.last { operand[$0] != shape[$0] } ?? first - 1
        let middle = first..<max(first, last + 1)
        guard middle.allSatisfy({ operand[$0] == 1 }) else { return nil }
        self.init(
            outer: shape.extent(of: 0..<first), repeated: shape.extent(of: middle), inner: shape.extent(of: middle.upperBound..<shape.count)
        )
    }
}
