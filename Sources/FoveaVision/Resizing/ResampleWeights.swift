/// For a stretch of one output axis: which source pixels each output pixel reads, and their weights in 22-bit fixed point
/// (`precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's Resample.c).
struct ResampleWeights {
    /// Bits behind the binary point: 32, less 8 for the pixel and 2 for filters that overshoot.
    static let precision: Int32 = 22

    /// First source pixel of each output pixel.
    private(set) var starts: [Int] = []
    /// Number of source pixels of each.
    private(set) var counts: [Int] = []
    /// `stride` weights for each output pixel, of which the first `counts[i]` are used.
    private(set) var weights: [Int32] = []
    private(set) var stride = 0

    /// - Parameters:
    ///   - input: the source's size along the axis.
    ///   - output: the size that the whole source is resized to.
    ///   - range: the output pixels wanted, within `0..<output`.
    init(input: Int, output: Int, range: Range<Int>, interpolation: Interpolation) {
        // Pillow hands the box over as floats.
        let scale = Double(Float(input)) / Double(output)
        let filterScale = max(scale, 1)
        let support = interpolation.support * filterScale
        let reciprocal = 1 / filterScale
        stride = Int(support.rounded(.up)) * 2 + 1
        starts.reserveCapacity(range.count)
        counts.reserveCapacity(range.count)
        weights = [Int32](repeating: 0, count: range.count * stride)
        var exact = [Double](repeating: 0, count: stride)
        for (row, index) in range.enumerated() {
            let center = (Double(index) + 0.5) * scale
            let start = max(0, Int(center - support + 0.5))
            let end = min(input, Int(center + support + 0.5))
            let count = min(max(0, end - start), stride)
            var sum = 0.0
            for i in 0..<count {
                exact[i] = interpolation.weight(at: (Double(i + start) - center + 0.5) * reciprocal)
                sum += exact[i]
            }
            for i in 0..<count {
                let weight = (sum != 0 ? exact[i] / sum : exact[i]) * Double(1 << Self.precision)
                // No sum comes near zero, so no weight near the limits; the clamp says so to the conversion, which would trap.
                weights[row * stride + i] = Int32(min(max(weight < 0 ? weight - 0.5 : weight + 0.5, -0x7FFF_FFFF), 0x7FFF_FFFF))
            }
            starts.append(start)
            counts.append(count)
        }
    }

    /// The source pixels that any of the outputs reads. Starts and ends never decrease along the axis.
    var sourceRange: Range<Int> {
        guard let first = starts.first, let last = starts.last, let count = counts.last else { return 0..<0 }
        return first..<max(first, last + count)
    }

    /// The same weights for a source of which some pixels were cut off or put in front.
    func moved(by offset: Int) -> ResampleWeights {
        var copy = self
        copy.starts = starts.map { $0 + offset }
        return copy
    }
}
