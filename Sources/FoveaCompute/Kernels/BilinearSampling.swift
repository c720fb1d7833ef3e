/// Where one kernel point of a deformable convolution reads at a run of output positions: four neighbours' indices and weights each.
///
/// A neighbour outside the map has the weight 0 and the index of one inside, so that the reading loop has no branches: where a map has numbers that
/// are not finite, points beyond its border may read NaN, not 0.
struct BilinearSampling {
    /// Numbers of memory for each position.
    static let size = 8

    private let indices: UnsafeMutablePointer<Int32>
    private let weights: UnsafeMutablePointer<Float>
    private let count: Int

    /// - Parameter memory: `size` numbers for each of `count` positions
    init(memory: UnsafeMutablePointer<Float>, count: Int) {
        weights = memory
        indices = UnsafeMutableRawPointer(memory + 4 * count).bindMemory(to: Int32.self, capacity: 4 * count)
        self.count = count
    }

    /// Finds the neighbours for the kernel point `(ky, kx)` at the output positions `positions`.
    ///
    /// - Parameter dy: how far the point moves down at each output position, in pixels; `dx` likewise to the right
    /// - Parameter mask: a factor for each output position; nil is 1
    func find(
        _ window: WindowGeometry, ky: Int, kx: Int, positions: Range<Int>, dy: UnsafePointer<Float>, dx: UnsafePointer<Float>,
        mask: UnsafePointer<Float>?
    ) {
        let (height, width) = (window.input.height, window.input.width)
        var (oy, ox) = positions.lowerBound.quotientAndRemainder(dividingBy: window.output.width)
        for i in 0..<count {
            let position = positions.lowerBound &+ i
            let y = Self.split(dy[position], oy &* window.stride.height &- window.padding.height &+ ky &* window.dilation.height)
            let x = Self.split(dx[position], ox &* window.stride.width &- window.padding.width &+ kx &* window.dilation.width)
            let (top, bottom) = Self.weigh(y, height)
            let (left, right) = Self.weigh(x, width)
            let factor = mask?[position] ?? 1
            weights[i] = top * left * factor
            weights[count &+ i] = top * right * factor
            weights[2 &* count &+ i] = bottom * left * factor
            weights[3 &* count &+ i] = bottom * right * factor
            let (y0, y1) = (clamp(y.low, height) &* width, clamp(y.low &+ 1, height) &* width)
            let (x0, x1) = (clamp(x.low, width), clamp(x.low &+ 1, width))
            indices[i] = Int32(truncatingIfNeeded: y0 &+ x0)
            indices[count &+ i] = Int32(truncatingIfNeeded: y0 &+ x1)
            indices[2 &* count &+ i] = Int32(truncatingIfNeeded: y1 &+ x0)
            indices[3 &* count &+ i] = Int32(truncatingIfNeeded: y1 &+ x1)
            ox &+= 1
            if ox == window.output.width { (oy, ox) = (oy &+ 1, 0) }
        }
    }

    /// Reads one channel's map at all positions.
    func read(_ channel: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>) {
        let (i1, i2, i3) = (indices + count, indices + 2 * count, indices + 3 * count)
        let (w1, w2, w3) = (weights + count, weights + 2 * count, weights + 3 * count)
        for i in 0..<count {
            let top = weights[i] * channel[Int(indices[i])] + w1[i] * channel[Int(i1[i])]
            let bottom = w2[i] * channel[Int(i2[i])] + w3[i] * channel[Int(i3[i])]
            row[i] = top + bottom
        }
    }

    /// The pixel at or before the coordinate, and how far behind it the coordinate lies. The whole part is kept apart: on large maps the
    /// sum of both would cost digits. What is too far away for an index lies outside; what is not a number makes the point's value none.
    @inline(__always)
    private static func split(_ offset: Float, _ start: Int) -> (low: Int, rest: Float) {
        guard abs(offset) < Float(WindowGeometry.limit) else { return offset.isNaN ? (0, offset) : (-2, 0) }
        let low = offset.rounded(.down)
        return (start &+ Int(low), offset - low)
    }

    /// The weights of the pixels `low` and `low + 1`; outside -1 < coordinate < size both are 0, and so is that of a pixel outside.
    @inline(__always)
    private static func weigh(_ at: (low: Int, rest: Float), _ size: Int) -> (Float, Float) {
        guard at.low >= -1, at.low < size else { return (0, 0) }
        return (at.low >= 0 ? 1 - at.rest : 0, at.low &+ 1 < size ? at.rest : 0)
    }

    @inline(__always)
    private func clamp(_ index: Int, _ size: Int) -> Int { min(max(index, 0), size &- 1) }
}
