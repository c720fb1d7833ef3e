/// Averages maps down to a size that is pleasant to send and to draw.
enum MapReduction {
    /// The height and width that a map is sent in: its own where it fits, otherwise scaled so that the longer side is `limit`, the aspect ratio kept.
    /// - Parameter limit: the longest side; 0 keeps every map as it is.
    static func size(height: Int, width: Int, limit: Int) -> (height: Int, width: Int) {
        let longest = max(height, width)
        guard limit > 0, longest > limit else { return (height, width) }
        let scale = Double(limit) / Double(longest)
        return (max(1, Int((Double(height) * scale).rounded())), max(1, Int((Double(width) * scale).rounded())))
    }

    /// The shape in which a map is sent: the last two axes of spatial kinds are averaged down, all others are as they are.
    static func shape(_ shape: [Int], isSpatial: Bool, limit: Int) -> [Int] {
        guard isSpatial, shape.count >= 2 else { return shape }
        let target = size(height: shape[shape.count - 2], width: shape[shape.count - 1], limit: limit)
        return shape.dropLast(2) + [target.height, target.width]
    }

    /// Area-averages the last two axes of `values`, row-major in `shape`, down to those of `target`.
    ///
    /// Each output element is the mean over its rectangle of the map, elements on the border counted by the part inside, so that the map's mean is kept.
    static func average(_ values: [Float], shape: [Int], to target: [Int]) -> [Float] {
        guard shape != target, shape.count >= 2, target.count == shape.count else { return values }
        let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
        let (rows, columns) = (target[target.count - 2], target[target.count - 1])
        guard height > 0, width > 0, values.count % (height * width) == 0 else { return values }
        let vertical = spans(from: height, to: rows)
        let horizontal = spans(from: width, to: columns)
        let planes = values.count / (height * width)
        var result: [Float] = []
        result.reserveCapacity(planes * rows * columns)
        var row = [Double](repeating: 0, count: width)
        values.withUnsafeBufferPointer { values in
            for plane in 0..<planes {
                for span in vertical {
                    for x in 0..<width { row[x] = 0 }
                    for (offset, weight) in span.weights.enumerated() {
                        let start = (plane * height + span.first + offset) * width
                        for x in 0..<width { row[x] += weight * Double(values[start + x]) }
                    }
                    for span in horizontal {
                        var sum = 0.0
                        for (offset, weight) in span.weights.enumerated() { sum += weight * row[span.first + offset] }
                        result.append(Float(sum))
                    }
                }
            }
        }
        return result
    }

    /// The source elements under one output element, and the share of each in its mean.
    private struct Span {
        var first: Int
        var weights: [Double]
    }

    private static func spans(from source: Int, to target: Int) -> [Span] {
        // In units of 1/target of a source element every border is a whole number, so the shares are exact.
        (0..<target).map { index in
            let (start, end) = (index * source, (index + 1) * source)
            let first = start / target
            let last = (end - 1) / target
            let weights = (first...last).map { element in
                Double(min(end, (element + 1) * target) - max(start, element * target)) / Double(source)
            }
            return Span(first: first, weights: weights)
        }
    }
}
