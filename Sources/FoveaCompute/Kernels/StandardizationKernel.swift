/// (x - mean) / (std + ε) along one axis, with the unbiased standard deviation: `torch.std`'s default.
public struct StandardizationKernel: Sendable {
    /// At least two long.
    public let axis: AxisGeometry
    package let epsilon: Float

    package init(_ axis: AxisGeometry, epsilon: Float) {
        self.axis = axis
        self.epsilon = epsilon
    }

    /// - Parameter x: [outer, length, inner]
    /// - Parameter y: as x
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        let (length, inner) = (axis.length, axis.inner)
        let size = length * inner
        lane.forEachRange(of: axis.outer, by: max(1, (1 << 13) / max(size, 1))) { range, _ in
            for outer in range {
                for position in 0..<inner { standardize(x + (outer * size + position), to: y + (outer * size + position)) }
                operations.apply(to: y, outer * size..<(outer + 1) * size, memory)
            }
        }
    }

    /// Sums in double: the mean may be far larger than the deviation.
    private func standardize(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let (length, step) = (axis.length, axis.inner)
        var sum = 0.0
        for i in 0..<length { sum += Double(x[i &* step]) }
        let mean = sum / Double(length)
        var squares = 0.0
        for i in 0..<length {
            let distance = Double(x[i &* step]) - mean
            squares += distance * distance
        }
        let factor = 1 / ((squares / Double(length &- 1)).squareRoot() + Double(epsilon))
        for i in 0..<length { y[i &* step] = Float((Double(x[i &* step]) - mean) * factor) }
    }
}
