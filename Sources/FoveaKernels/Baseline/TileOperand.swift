/// The operand of a `Tile`'s product that is not weights: segments of neighbouring numbers, for each row one behind the other.
protocol TileOperand {
    /// The first row, which the segments' places are counted from.
    var start: UnsafePointer<Float> { get set }
    /// Numbers from one row to the next.
    var distance: Int { get }
    /// Segments, and the numbers that count of each.
    var segments: Int { get }
    var length: Int { get }
    /// Whether the rows, and the sums that they join, come from an outer cache in stretches too short for the processor to foresee.
    var isFar: Bool { get }
    /// Where the first row of a segment lies.
    func row(_ segment: Int) -> UnsafePointer<Float>
    /// The weights before a segment's, from the panel's start.
    ///
    /// - Parameter next: those before what follows the segment before
    func weight(_ segment: Int, next: Int) -> Int
}

extension TileOperand {
    /// Products that each row sums.
    @inline(__always) var depth: Int { segments &* length }
    @inline(__always) var isFar: Bool { false }
}
