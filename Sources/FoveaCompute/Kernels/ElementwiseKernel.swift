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
