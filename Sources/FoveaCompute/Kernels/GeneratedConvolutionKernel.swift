/// A convolution whose weights another layer generated for this picture, with stored weights added to them.
///
/// Convolution is linear, so the sum of a base convolution and a generated one is one convolution with the sum of their weights. As in
/// `DynamicConvolutionKernel`, the sum exists only block by block on small maps and is written once on large ones.
public struct GeneratedConvolutionKernel: Sendable {
    package let convolution: ConvolutionKernel
    package let hasBase: Bool

    package init(_ geometry: ConvolutionGeometry, hasBase: Bool) {
        convolution = ConvolutionKernel(geometry)
        self.hasBase = hasBase
    }

    private var geometry: ConvolutionGeometry { convolution.geometry }

    package var scratchCount: Int {
        if hasBase, case .rows(let rows) = convolution.method { rows * geometry.depth } else { convolution.scratchCount }
    }

    /// The unrolled windows, or the sum of the weights where it is written out.
    public var sharedCount: Int {
        guard hasBase else { return convolution.sharedCount }
        if case .rows = convolution.method { return convolution.sharedCount } else { return geometry.weightCount }
    }

    /// - Parameter base: [Cout, Cin/groups, kh, kw], if `hasBase`
    /// - Parameter generated: [Cout, Cin/groups, kh, kw]
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, base: UnsafePointer<Float>?, generated: UnsafePointer<Float>,
        to y: UnsafeMutablePointer<Float>, shared: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        guard let base else {
            convolution.run(lane, x, generated, to: y, shared: shared, memory, then: operations)
            return
        }
        let depth = geometry.depth
        if case .rows(let rows) = convolution.method {
            convolution.runRows(lane, x, y, rows, shared, memory, operations) { first, count, scratch in
                sum(base, generated, first * depth..<(first + count) * depth, to: scratch)
                return UnsafePointer(scratch)
            }
        } else {
            lane.forEachRange(of: geometry.weightCount, by: 1 << 14) { range, _ in
                sum(base, generated, range, to: shared + range.lowerBound)
            }
            convolution.run(lane, x, UnsafePointer(shared), to: y, shared: shared, memory, then: operations)
        }
    }

    @inline(__always)
    private func sum(
        _ base: UnsafePointer<Float>, _ generated: UnsafePointer<Float>, _ range: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        let (a, b) = (base + range.lowerBound, generated + range.lowerBound)
        for i in 0..<range.count { target[i] = a[i] + b[i] }
    }
}
