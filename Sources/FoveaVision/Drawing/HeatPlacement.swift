/// For one axis: which pixels of a picture a map covers, and which of the map's elements each of them shows.
///
/// Element i of a map of `elements` lies from i to i + 1 of as many equal parts of the crop. Between elements' centres values are interpolated linearly; where
/// a pixel covers several elements they are averaged with the triangle filter, so that no element is skipped on a small picture.
struct HeatPlacement {
    /// The pixels whose centre the crop covers; at least one.
    let pixels: Range<Int>
    /// For each of them the first element and the weights, which sum to 1, of it and those that follow.
    let taps: [(first: Int, weights: [Float])]

    /// - Parameters:
    ///   - length: pixels of the picture along the axis, at least 1.
    ///   - start, extent: the crop, in pixels of the picture; it may reach past the picture.
    ///   - elements: of the map along the axis, at least 1.
    init(length: Int, start: Double, extent: Double, elements: Int) {
        let first = Self.whole((start - 0.5).rounded(.up), in: 0...length)
        let end = Self.whole((start + extent - 0.5).rounded(.up), in: 0...length)
        // A crop that lies between two pixels' centres still shows in the pixel that it is in.
        let middle = Self.whole((start + extent / 2).rounded(.down), in: 0...length - 1)
        let pixels = first < end ? first..<end : middle..<middle + 1
        let scale = Double(elements) / max(extent, .leastNormalMagnitude)
        let reach = max(scale, 1)
        taps = pixels.map { pixel in
            // In elements, from the map's border; beyond the outermost centres the outermost element holds.
            let place = min(max((Double(pixel) + 0.5 - start) * scale, 0.5), Double(elements) - 0.5)
            let low = Self.whole((place - reach + 0.5).rounded(.down), in: 0...elements - 1)
            let high = Self.whole((place + reach + 0.5).rounded(.down), in: low + 1...elements)
            var weights = (low..<high).map { max(0, 1 - abs(Double($0) + 0.5 - place) / reach) }
            let sum = weights.reduce(0, +)
            weights = sum > 0 ? weights.map { $0 / sum } : weights.map { _ in 1 / Double(high - low) }
            return (low, weights.map(Float.init))
        }
        self.pixels = pixels
    }

    /// Every row of a map at this axis's pixels: `height` rows of `pixels.count` numbers.
    ///
    /// - Parameter values: `height` × `width` numbers, row-major; `width` are the elements of this axis.
    func widened(_ values: [Float], height: Int, width: Int) -> [Float] {
        var wide: [Float] = []
        wide.reserveCapacity(height * pixels.count)
        for row in 0..<height {
            for tap in taps {
                var sum: Float = 0
                for (offset, weight) in tap.weights.enumerated() where weight != 0 {
                    sum += weight * values[row * width + tap.first + offset]
                }
                wide.append(sum)
            }
        }
        return wide
    }

    /// A whole number within bounds, from whatever arithmetic gave.
    private static func whole(_ value: Double, in bounds: ClosedRange<Int>) -> Int {
        guard value > Double(bounds.lowerBound) else { return bounds.lowerBound }
        return value < Double(bounds.upperBound) ? Int(value) : bounds.upperBound
    }
}
