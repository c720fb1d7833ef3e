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
