/// The least, the greatest and the mean value of a map.
struct MapSummary: Sendable, Hashable {
    var min, max, mean: Float

    /// Sums in double precision. All three are NaN for an empty map, and where a value is NaN.
    init(_ values: [Float]) {
        guard var least = values.first else {
            (min, max, mean) = (.nan, .nan, .nan)
            return
        }
        var greatest = least
        var sum = 0.0
        for value in values {
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
            sum += Double(value)
        }
        if sum.isNaN, values.contains(where: \.isNaN) { (least, greatest) = (.nan, .nan) }
        (min, max, mean) = (least, greatest, Float(sum / Double(values.count)))
    }
}
