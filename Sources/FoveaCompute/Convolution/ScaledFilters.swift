/// A filter bank [Cout, depth], each output's weights multiplied by its scale.
public struct ScaledFilters {
    private let values: UnsafeBufferPointer<Float>
    package let depth: Int
    /// Of each output.
    private let scale: [Double]?
    /// For each output the filter that it has of `values`, nil for a filter of zeros; nil where each has its own.
    private let order: [Int?]?

    /// - Parameter values: filters of `depth` weights, which live as long as this does
    package init(_ values: UnsafeBufferPointer<Float>, depth: Int, scale: [Double]?, order: [Int?]? = nil) {
        self.values = values
        self.depth = depth
        self.scale = scale
        self.order = order
    }

    /// Weights of all outputs.
    private var count: Int { order.map { $0.count * depth } ?? values.count }

    /// Writes them row-major, in the outputs' order.
    public func write(to target: UnsafeMutablePointer<Float>) {
        for index in 0..<count { target[index] = Float(read(index / depth, index % depth)) }
    }

    /// The filters of some outputs.
    func outputs(_ range: Range<Int>) -> ScaledFilters {
        ScaledFilters(
            order == nil ? UnsafeBufferPointer(rebasing: values[range.lowerBound * depth..<range.upperBound * depth]) : values,
            depth: depth, scale: scale.map { Array($0[range]) }, order: order.map { Array($0[range]) })
    }

    /// The largest magnitude of an output's weights; those that are not numbers do not count.
    public func largest(of output: Int) -> Double { (0..<depth).reduce(0) { max($0, abs(read(output, $1))) } }

    /// Whether every weight is rounded by half a unit at most as `Precision.fixed16`.
    public var fitFixed16: Bool {
        (0..<count).allSatisfy { abs(read($0 / depth, $0 % depth)) <= Precision.largestFixed16 + 0.5 }
    }

    @inline(__always)
    func read(_ output: Int, _ index: Int) -> Double {
        let filter: Int? = if let order { order[output] } else { output }
        let value = filter.map { Double(values[$0 * depth + index]) } ?? 0
        return scale.map { value * $0[output] } ?? value
    }
}
