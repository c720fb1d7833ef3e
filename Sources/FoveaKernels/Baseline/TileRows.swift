/// Segments at even distances, whose weights lie one behind the other.
struct TileRows: TileOperand {
    /// [segment, row, 16]
    var start: UnsafePointer<Float>
    /// From one segment to the next.
    var stride: Int
    var segments: Int
    var length: Int
    var isFar = false

    @inline(__always) var distance: Int { 16 }
    @inline(__always) func row(_ segment: Int) -> UnsafePointer<Float> { start + segment &* stride }
    @inline(__always) func weight(_ segment: Int, next: Int) -> Int { next }
}
