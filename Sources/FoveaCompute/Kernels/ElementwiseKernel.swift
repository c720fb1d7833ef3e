/// A chain of operations on single elements that could not join the operation before it; starts from a copy of its first input.
public struct ElementwiseKernel: Sendable {
    /// How the first input lies over the result.
    public let base: Broadcast

    package init(base: Broadcast) {
        self.base = base
    }

    package func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        lane.forEachRange(of: base.count, by: 1 << 14) { range, _ in
            if base.isIdentity {
                (y + range.lowerBound).update(from: x + range.lowerBound, count: range.count)
            } else {
                for index in range {
                    y[index] = x[index / (base.repeated &* base.inner) &* base.inner &+ index % base.inner]
                }
            }
            operations.apply(to: y, range, memory)
        }
    }
}

/// Copies one part of a concatenation to its place.
public struct CopyKernel: Sendable {
    /// Elements before the axis, and of the part and the whole from the axis on.
    public let outer: Int
    package let part: Int
    package let whole: Int

    package init(outer: Int, part: Int, whole: Int) {
        self.outer = outer
        self.part = part
        self.whole = whole
    }

    /// - Parameter y: Where the part's first element goes.
    package func run(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        for index in 0..<outer { (y + index * whole).update(from: x + index * part, count: part) }
    }
}
