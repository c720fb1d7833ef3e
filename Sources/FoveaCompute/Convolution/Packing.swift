/// Writes weights as kernels read them.
public struct WeightWriter {
    private let target: UnsafeMutablePointer<Float>
    private let precision: Precision

    /// - Parameter target: zeroed
    public init(_ target: UnsafeMutablePointer<Float>, _ precision: Precision) {
        self.target = target
        self.precision = precision
    }

    /// Writes one weight of a panel's row.
    ///
    /// In bfloat16 the first and the second half of a row lie in pairs, so that one shift makes a vector of either.
    ///
    /// - Parameter row: the weights before the row
    /// - Parameter column: below `width`
    @inline(__always)
    func write(_ value: Float, row: Int, column: Int, width: Int) {
        switch precision {
        case .float32: target[row + column] = value
        case .bfloat16:
            let (half, pair) = column.quotientAndRemainder(dividingBy: width / 2)
            UnsafeMutableRawPointer(target).storeBytes(
                of: Self.bfloat16(value), toByteOffset: (row + 2 * pair + half) * 2, as: UInt16.self)
        case .fixed16: UnsafeMutableRawPointer(target).storeBytes(of: Self.fixed16(value), toByteOffset: (row + column) * 2, as: Int16.self)
        }
    }

    /// Rounded to the nearest, ties to even; what is not a number stays so.
    @inline(__always)
    static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits + 0x7fff + (bits >> 16 & 1)) >> 16)
    }

    /// Rounded to the nearest, ties to even; what is not a number becomes zero, what is beyond the ends an end.
    @inline(__always)
    static func fixed16(_ value: Float) -> Int16 {
        let end = Float(Precision.largestFixed16)
        return value.isNaN ? 0 : Int16(max(-end, min(value.rounded(.toNearestOrEven), end)))
    }
}

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

extension Panels {
    /// Packs the outputs `first...` of `filters`, element `order[k]` of a filter as element k of the depth.
    func pack(_ filters: ScaledFilters, first: Int = 0, order: [Int]? = nil, to writer: WeightWriter) {
        for output in 0..<outputs {
            let (panel, column) = output.quotientAndRemainder(dividingBy: Self.width)
            let (start, width) = (start(panel), width(panel))
            for k in 0..<depth {
                writer.write(Float(filters.read(first + output, order?[k] ?? k)), row: start + k * width, column: column, width: width)
            }
        }
    }
}

extension ProductConvolution {
    /// - Parameter filters: [Cout, Cin/groups, kh, kw]
    /// - Parameter target: `weightCount` zeros
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let order = geometry.panelOrder
        for group in 0..<geometry.groups {
            let writer = WeightWriter(target + group * precision.floats(panels.count), precision)
            panels.pack(filters, first: group * geometry.outputsPerGroup, order: order, to: writer)
        }
    }
}

extension LinearProduct {
    /// - Parameter filters: [out, in]
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        panels.pack(filters, to: WeightWriter(target, precision))
    }
}

extension WinogradConvolution {
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        switch method {
        case .blocks: packTransformed(filters, to: target)
        case .streamed: self.filters.pack(filters, order: geometry.panelOrder, to: WeightWriter(target, precision))
        }
    }

    /// U = G g Gᵀ of each filter, summed in double precision: [point, panels].
    private func packTransformed(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let (side, g) = (tile + 2, Self.filterTransform(tile))
        let writer = WeightWriter(target, .float32)
        var half = [Double](repeating: 0, count: side * 3)
        for output in 0..<geometry.outputChannels {
            let (panel, column) = output.quotientAndRemainder(dividingBy: Panels.width)
            let (start, width) = (panels.start(panel), panels.width(panel))
            for channel in 0..<geometry.inputChannels {
                for i in 0..<side {
                    for x in 0..<3 {
                        var sum = 0.0
                        for y in 0..<3 { sum += g[i * 3 + y] * filters.read(output, channel * 9 + y * 3 + x) }
                        half[i * 3 + x] = sum
                    }
                }
                for i in 0..<side {
                    for j in 0..<side {
                        let sum = half[i * 3] * g[j * 3] + half[i * 3 + 1] * g[j * 3 + 1] + half[i * 3 + 2] * g[j * 3 + 2]
                        writer.write(
                            Float(sum), row: (i * side + j) * filterStride + start + channel * width, column: column, width: width)
                    }
                }
            }
        }
    }

    /// G, [m + 2, 3] row-major: 1, p, p² at each point p. What the points' values are divided by, sums are instead (`WinogradTransform4`).
    public static func filterTransform(_ tile: Int) -> [Double] {
        let points = tile == 2 ? [0, 1, -1] : [0, 0.5.squareRoot(), -0.5.squareRoot(), 2.0.squareRoot(), -2.0.squareRoot()]
        return points.flatMap { [1, $0, $0 * $0] } + [0, 0, 1]
    }
}
