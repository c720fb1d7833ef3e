/// Along one axis, which position of the input nearest-neighbour upsampling reads: ⌊i · (n/m)⌋ in float32, for position i of m out of n.
///
/// The quotient's rounding shows: position 23 of 46 out of 14 reads 6, and not 7. Source: `nearest_neighbor_compute_source_index`,
/// `aten/src/ATen/native/UpSample.h`, where sizes are given and no factors.
public struct NearestAxis: Sendable {
    @usableFromInline package let last: Int
    @usableFromInline package let scale: Float

    /// - Parameters:
    ///   - input: positions to read from, at least 1.
    ///   - output: positions to fill, at least 1.
    @inlinable public init(_ input: Int, to output: Int) {
        last = input - 1
        scale = Float(input) / Float(output)
    }

    /// The input's position that `index` of the output reads.
    @inlinable public subscript(index: Int) -> Int { min(Int(Float(index) * scale), last) }
}
