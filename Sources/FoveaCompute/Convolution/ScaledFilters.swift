/// A filter bank [Cout, depth], each output's weights multiplied by its scale.
public struct ScaledFilters {
    package let values: UnsafeBufferPointer<Float>
    package let depth: Int
    package let scale: [Double]?

    package init(_ values: UnsafeBufferPointer<Float>, depth: Int, scale: [Double]?) {
        self.values = values
        self.depth = depth
        self.scale = scale
    }

    /// Writes them row-major, as they are stored.
    public func write(to target: UnsafeMutablePointer<Float>) {
        for index in values.indices { target[index] = Float(read(index / depth, index % depth)) }
    }

    /// The largest magnitude of an output's weights; those that are not numbers do not count.
    public func largest(of output: Int) -> Double { (0..<depth).reduce(0) { max($0, abs(read(output, $1))) } }

    /// Whether every weight is rounded by half a unit at most as `Precision.fixed16`.
    public var fitFixed16: Bool {
        values.indices.allSatisfy { abs(read($0 / depth, $0 % depth)) <= Precision.largestFixed16 + 0.5 }
    }

    @inline(__always)
    func read(_ output: Int, _ index: Int) -> Double {
        let value = Double(values[output * depth + index])
        return scale.map { value * $0[output] } ?? value
    }
}
