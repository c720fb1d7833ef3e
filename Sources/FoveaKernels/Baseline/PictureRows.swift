/// The windows of some neighbouring positions of one line, where the interleaved picture has them: a row of a window is a segment, and from one
/// position to the next it is only a few numbers further.
///
/// The distance is the type's where it is one of the usual ones, since addresses of a tile's rows are constants then; 0 stands for any other.
struct PictureRows<let usual: Int>: TileOperand {
    /// The first position's window.
    var start: UnsafePointer<Float>
    /// Numbers of the picture's lines: from one segment to the next.
    let lineCount: Int
    /// From one position to the next.
    let step: Int
    let segments: Int
    let length: Int

    @inline(__always) var distance: Int { usual > 0 ? usual : step }
    @inline(__always) func row(_ segment: Int) -> UnsafePointer<Float> { start + segment &* lineCount }
    @inline(__always) func weight(_ segment: Int, next: Int) -> Int { next }
}
