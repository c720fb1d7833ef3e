/// Copies a stretch along an axis: [outer, whole] to [outer, part], from `start` of each row on.
public struct SliceKernel: Sendable {
    /// Elements before the axis; of the whole, before the stretch, and of the stretch from the axis on.
    public let outer: Int
    package let whole: Int
    package let start: Int
    package let part: Int

    package init(_ axis: AxisGeometry, _ range: Range<Int>) {
        outer = axis.outer
        whole = axis.length * axis.inner
        start = range.lowerBound * axis.inner
        part = range.count * axis.inner
    }

    package func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        lane.forEachRange(of: outer, by: max(1, (1 << 14) / part)) { rows, _ in
            for row in rows { (y + row * part).update(from: x + (row * whole + start), count: part) }
            operations.apply(to: y, rows.lowerBound * part..<rows.upperBound * part, memory)
        }
    }
}
