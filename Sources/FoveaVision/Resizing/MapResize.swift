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
        let wide = columns.widened(values, height: height, width: width)
        var result: [Float] = []
        result.reserveCapacity(toHeight * toWidth)
        for tap in rows.taps {
            for column in 0..<toWidth {
                var sum: Float = 0
                for (offset, weight) in tap.weights.enumerated() where weight != 0 {
                    sum += weight * wide[(tap.first + offset) * toWidth + column]
                }
                result.append(sum)
            }
        }
        return result
    }
}
