/// A convolution of one picture: its windows are unrolled panel by panel and multiplied by the weights.
///
/// The work is cut by the sizes alone, never by the number of threads, so that every element is summed in one order.
public struct ConvolutionKernel: Sendable {
    /// How the matrix product is cut into blocks.
    enum Method: Hashable {
        /// Each output channel reads one or few inputs: loops over whole rows, no product of matrices.
        case direct
        /// Large maps: each block unrolls a panel of `width` output positions into its scratch memory and multiplies all weights by it.
        case panels(width: Int)
        /// Small maps with many channels: all windows are unrolled once, then each block multiplies `rows` output channels.
        case rows(Int)
    }

    package let geometry: ConvolutionGeometry
    let method: Method

    package init(_ geometry: ConvolutionGeometry) {
        self.geometry = geometry
        let (depth, area, outputs) = (geometry.depth, geometry.outputArea, geometry.outputsPerGroup)
        if geometry.inputsPerGroup <= 2, outputs <= 2 {
            method = .direct
        } else if area > outputs || geometry.groups >= 4 {
            // A panel stays near the second-level cache, but is wide enough that the product's own packing of the weights pays.
            let cached = max(192, (1 << 18) / depth)
            let shared = geometry.groups >= 4 ? area : (area + 3) / 4
            method = .panels(width: min(area, max(64, min(cached, shared).roundedUp(to: 16))))
        } else {
            method = .rows(outputs.rowsPerBlock)
        }
    }

    private var isPointwise: Bool { geometry.isPointwise }

    /// Numbers of scratch memory that each thread needs.
    public var scratchCount: Int {
        if case .panels(let width) = method, !isPointwise { geometry.depth * width } else { 0 }
    }

    /// Numbers of memory that all threads share during the operation.
    public var sharedCount: Int {
        if case .rows = method, !isPointwise { geometry.depth * geometry.groups * geometry.outputArea } else { 0 }
    }

    /// - Parameter x: [Cin, H, W]
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Parameter y: [Cout, OH, OW]
    /// - Parameter shared: `sharedCount` numbers
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
        shared: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        switch method {
        case .direct:
            DirectConvolution(geometry: geometry).run(lane, x, weight, to: y, memory, then: operations)
        case .panels(let width):
            runPanels(lane, x, weight, y, width, memory, operations)
        case .rows(let rows):
            runRows(lane, x, y, rows, shared, memory, operations) { first, _, _ in weight + first * geometry.depth }
        }
    }

    // MARK: -

    private func runPanels(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ width: Int,
        _ memory: Memory, _ operations: [PostOperation]
    ) {
        let (area, depth, outputs) = (geometry.outputArea, geometry.depth, geometry.outputsPerGroup)
        let panels = (area + width - 1) / width
        let unrolling = Unrolling(window: geometry.window)
        lane.forEach(panels * geometry.groups) { block, scratch in
            let (group, panel) = block.quotientAndRemainder(dividingBy: panels)
            let positions = panel * width..<min((panel + 1) * width, area)
            let input = x + group * geometry.inputsPerGroup * geometry.inputArea
            let first = group * outputs
            var columns = input + positions.lowerBound
            var stride = area
            if !isPointwise {
                for channel in 0..<geometry.inputsPerGroup {
                    unrolling.write(
                        input + channel * geometry.inputArea, positions: positions,
                        to: scratch + channel * geometry.window.kernel.area * positions.count, stride: positions.count)
                }
                columns = UnsafePointer(scratch)
                stride = positions.count
            }
            BLAS.multiply(
                m: outputs, n: positions.count, k: depth, weight + first * depth, lda: depth, columns, ldb: stride,
                y + (first * area + positions.lowerBound), ldc: area)
            for channel in first..<first + outputs {
                operations.apply(to: y, channel * area + positions.lowerBound..<channel * area + positions.upperBound, memory)
            }
        }
    }

    /// - Parameter weights: The weights of `count` output channels from `first` on; may write them into the scratch memory.
    func runRows(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ rows: Int, _ shared: UnsafeMutablePointer<Float>,
        _ memory: Memory, _ operations: [PostOperation],
        weights: (_ first: Int, _ count: Int, _ scratch: UnsafeMutablePointer<Float>) -> UnsafePointer<Float>
    ) {
        let (area, depth, outputs) = (geometry.outputArea, geometry.depth, geometry.outputsPerGroup)
        var columns = x
        if !isPointwise {
            let unrolling = Unrolling(window: geometry.window)
            let size = geometry.window.kernel.area * area
            lane.forEachRange(of: geometry.inputChannels, by: max(1, (1 << 15) / size)) { channels, _ in
                for channel in channels {
                    unrolling.write(x + channel * geometry.inputArea, positions: 0..<area, to: shared + channel * size, stride: area)
                }
            }
            columns = UnsafePointer(shared)
        }
        let blocks = (outputs + rows - 1) / rows
        lane.forEach(blocks * geometry.groups) { block, scratch in
            let (group, part) = block.quotientAndRemainder(dividingBy: blocks)
            let first = group * outputs + part * rows
            let count = min(rows, outputs - part * rows)
            BLAS.multiply(
                m: count, n: area, k: depth, weights(first, count, scratch), lda: depth, columns + group * depth * area, ldb: area,
                y + first * area, ldc: area)
            operations.apply(to: y, first * area..<(first + count) * area, memory)
        }
    }
}
