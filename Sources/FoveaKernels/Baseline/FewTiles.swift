/// What `WinogradSums` multiplies: one block of input channels' filters to 16 outputs or fewer, and the tiles that they meet.
struct FewTiles {
    /// Filters of one block of input channels and 16 outputs of a panel, [tap, channel, width].
    let filters: UnsafeRawPointer
    /// Channels, at most 16.
    let length: Int
    /// The panel's width, and which of its outputs is the first.
    let width: Int
    var column: Int
    /// The block's tiles, [point, tile, 16], from point to point as `WinogradConvolution.pointStride` has it.
    let tiles: UnsafePointer<Float>
    /// [point, tile, 16]; numbers from one point to the next.
    var sums: UnsafeMutablePointer<Float>
    let sumStride: Int
    /// Whether the sums go on from what is there.
    let continues: Bool
}
