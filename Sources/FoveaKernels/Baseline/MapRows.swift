/// Windows of some neighbouring positions of one line where a map has them: a block of channels at one place of the window is a segment.
struct MapRows: TileOperand {
    /// The first position's window.
    var start: UnsafePointer<Float>
    /// For each segment, how far behind it lies.
    let places: UnsafePointer<Int32>
    let segments: Int
    let length: Int

    @inline(__always) var distance: Int { 16 }
    @inline(__always) func row(_ segment: Int) -> UnsafePointer<Float> { start + Int(places[segment]) }
    @inline(__always) func weight(_ segment: Int, next: Int) -> Int { next }
}
