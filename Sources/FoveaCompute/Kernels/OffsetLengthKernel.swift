/// How far a deformable convolution moves its kernel points, on the average of each position: [2·points, H, W] to [H, W].
public struct OffsetLengthKernel: Sendable {
    package let points: Int
    package let area: Int

    package init(points: Int, area: Int) {
        self.points = points
        self.area = area
    }

    /// - Parameter x: [2·points, H, W]: down and right for each point
    /// - Parameter y: [H, W]
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        lane.forEachRange(of: area, by: max(64, (1 << 14) / points)) { range, _ in
            (y + range.lowerBound).update(repeating: 0, count: range.count)
            for point in 0..<points {
                let (dy, dx) = (x + 2 * point * area, x + (2 * point + 1) * area)
                for i in range { y[i] += (dy[i] * dy[i] + dx[i] * dx[i]).squareRoot() }
            }
            for i in range { y[i] /= Float(points) }
            operations.apply(to: y, range, memory)
        }
    }
}
