/// The tiles and filters of one point of a strided convolution by Winograd: of each block of channels a segment for each phase that has the
/// point. Their filters do not lie in a row, since points share them.
struct PhaseRows: TileOperand {
    /// Where a segment's tiles and filters lie. Those of all points of a piece take less than a kilobyte: more would not be put on the stack.
    struct Segment {
        var tiles: Int32
        var filters: Int32
    }

    var start: UnsafePointer<Float>
    let places: UnsafePointer<Segment>
    var segments: Int
    var length: Int

    @inline(__always) var distance: Int { 16 }
    @inline(__always) func row(_ segment: Int) -> UnsafePointer<Float> { start + Int(places[segment].tiles) }
    @inline(__always) func weight(_ segment: Int, next: Int) -> Int { Int(places[segment].filters) }
}
