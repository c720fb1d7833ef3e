/// One operand of a `Tile`'s product: segments of neighbouring numbers, for each row one behind the other.
struct TileRows {
    /// [segment, row, 16]
    var start: UnsafePointer<Float>
    /// From one segment to the next.
    var stride: Int
    /// Segments, and the numbers that count of each, at most 16.
    var segments: Int
    var length: Int

    /// Products that each row sums.
    @inline(__always) var depth: Int { segments &* length }
}
