/// Maps of numbers at another size, as ``Overlay`` lays them on a picture.
public enum MapResize {
    /// A map at another size: values lie at the centres of their cells and run straight between them; a smaller size averages with the triangle filter.
    ///
    /// - Parameter values: `height` × `width` numbers, row-major; anything else gives an empty map.
    public static func resized(_ values: [Float], height: Int, width: Int, toHeight: Int, toWidth: Int) -> [Float] {
        guard height > 0, width > 0, toHeight > 0, toWidth > 0, values.count == height * width else { return [] }
        if height == toHeight, width == toWidth { return values }
        let rows = HeatPlacement(length: toHeight, start: 0, extent: Double(toHeight), elements: height)
        let columns = HeatPlacement(length: toWidth, start: 0, extent: Double(toWidth), elements: width)
        var wide: [Float] = []
        wide.reserveCapacity(height * toWidth)
        for row in 0..<height {
            for tap in columns.taps { wide.append(sum(tap, in: values, from: row * width + tap.first, step: 1)) }
        }
        var result: [Float] = []
        result.reserveCapacity(toHeight * toWidth)
        for tap in rows.taps {
            for column in 0..<toWidth { result.append(sum(tap, in: wide, from: tap.first * toWidth + column, step: toWidth)) }
        }
        return result
    }

    private static func sum(_ tap: (first: Int, weights: [Float]), in values: [Float], from start: Int, step: Int) -> Float {
        var sum: Float = 0
        for (offset, weight) in tap.weights.enumerated() where weight != 0 { sum += weight * values[start + offset * step] }
        return sum
    }
}
