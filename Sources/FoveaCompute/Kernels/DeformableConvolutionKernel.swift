/// A convolution that reads its input between the pixels: the moved windows are sampled into a matrix, which the weights multiply.
///
/// The matrix is made band by band of output positions, so that a large map's never exists whole. Bands and blocks depend on the sizes
/// alone.
public struct DeformableConvolutionKernel: Sendable {
    package let geometry: DeformableGeometry
    private let bandWidth: Int

    package init(_ geometry: DeformableGeometry) {
        self.geometry = geometry
        let convolution = geometry.convolution
        let rows = convolution.inputChannels * convolution.window.kernel.area
        bandWidth = min(convolution.outputArea, max(64, (1 << 20) / rows & ~15))
    }

    /// Channels that share one search for neighbours.
    private static let channelBlock = 32

    package var scratchCount: Int { BilinearSampling.size * bandWidth }

    package var sharedCount: Int { geometry.convolution.inputChannels * geometry.convolution.window.kernel.area * bandWidth }

    /// - Parameter x: [Cin, H, W]
    /// - Parameter offset: [2·G·kh·kw, OH, OW]: down and right for each group and kernel point, in pixels
    /// - Parameter mask: [G·kh·kw, OH, OW]
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, offset: UnsafePointer<Float>, mask: UnsafePointer<Float>?,
        _ weight: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, shared: UnsafeMutablePointer<Float>, _ memory: Memory,
        then operations: [PostOperation]
    ) {
        let area = geometry.convolution.outputArea
        var start = 0
        while start < area {
            let positions = start..<min(start + bandWidth, area)
            sample(lane, x, offset, mask, positions, to: shared)
            multiply(lane, weight, shared, positions, y, memory, operations)
            start = positions.upperBound
        }
    }

    // MARK: -

    private func sample(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ offset: UnsafePointer<Float>, _ mask: UnsafePointer<Float>?, _ positions: Range<Int>,
        to columns: UnsafeMutablePointer<Float>
    ) {
        let convolution = geometry.convolution
        let (window, area, channels) = (convolution.window, convolution.outputArea, geometry.channelsPerOffsetGroup)
        let parts = (channels + Self.channelBlock - 1) / Self.channelBlock
        lane.forEach(geometry.points * parts) { block, scratch in
            let (point, part) = block.quotientAndRemainder(dividingBy: parts)
            let (group, tap) = point.quotientAndRemainder(dividingBy: window.kernel.area)
            let sampling = BilinearSampling(memory: scratch, count: positions.count)
            sampling.find(
                window, ky: tap / window.kernel.width, kx: tap % window.kernel.width, positions: positions,
                dy: offset + 2 * point * area, dx: offset + (2 * point + 1) * area, mask: mask.map { $0 + point * area })
            let first = group * channels + part * Self.channelBlock
            for channel in first..<min(first + Self.channelBlock, (group + 1) * channels) {
                sampling.read(
                    x + channel * convolution.inputArea, to: columns + (channel * window.kernel.area + tap) * positions.count)
            }
        }
    }

    private func multiply(
        _ lane: Lane, _ weight: UnsafePointer<Float>, _ columns: UnsafeMutablePointer<Float>, _ positions: Range<Int>,
        _ y: UnsafeMutablePointer<Float>, _ memory: Memory, _ operations: [PostOperation]
    ) {
        let convolution = geometry.convolution
        let (area, depth, outputs) = (convolution.outputArea, convolution.depth, convolution.outputsPerGroup)
        let rows = convolution.groups >= 4 ? outputs : outputs.rowsPerBlock
        let blocks = (outputs + rows - 1) / rows
        lane.forEach(blocks * convolution.groups) { block, _ in
            let (group, part) = block.quotientAndRemainder(dividingBy: blocks)
            let first = group * outputs + part * rows
            let count = min(rows, outputs - part * rows)
            BLAS.multiply(
                m: count, n: positions.count, k: depth, weight + first * depth, lda: depth,
                UnsafePointer(columns + group * depth * positions.count), ldb: positions.count, y + (first * area + positions.lowerBound),
                ldc: area)
            for channel in first..<first + count {
                operations.apply(to: y, channel * area + positions.lowerBound..<channel * area + positions.upperBound, memory)
            }
        }
    }
}
