/// The result of a `Tile`'s product: [block of 16 outputs, row, 16].
struct TileTarget {
    var start: UnsafeMutablePointer<Float>
    /// From one block of outputs to the next.
    var stride: Int
    /// Whether the product joins what is there.
    var adds: Bool
}
