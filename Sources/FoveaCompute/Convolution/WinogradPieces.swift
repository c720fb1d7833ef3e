/// What a thread holds of a streamed convolution by Winograd: the transformed filters of a piece of one panel's depth, and the panel's
/// products.
public struct WinogradPieces: Sendable {
    private let winograd: WinogradConvolution

    package init(_ winograd: WinogradConvolution) {
        self.winograd = winograd
    }

    /// Input channels of a piece: sums long enough to be worth their reading and writing, and short enough to keep float32's digits. A piece
    /// stays in the second-level cache, with the kernels that it is mixed of.
    public static let channels = 4 * Blocked.lanes

    /// Tiles whose products are held at a time, of one picture or of several whole ones. Few rounds of one picture save transforms of its
    /// filters; several pictures' tiles had better stay in the second-level cache, with their products and the piece.
    public var rows: Int {
        let (most, mostOfSeveral) = (400, 64)
        return winograd.tiles > most ? most : min(Pass.mostPictures, max(1, mostOfSeveral / winograd.tiles)) * winograd.tiles
    }

    /// One picture's mixed filters of one block of channels, [tap, channel, 32].
    public static let mixedCount = 9 * Blocked.lanes * Panels.width
    /// Those of a whole piece.
    public static let mixedPieceCount = channels / Blocked.lanes * mixedCount

    /// Mixed filters, in numbers from the scratch memory's start: behind what a tile is transformed in.
    public var mixed: Int { WinogradConvolution.patchCount }
    /// [point, channel, 32]
    public var transformed: Int { mixed + DynamicProduct.mixedPictures * Self.mixedPieceCount }
    /// [point, block of outputs, row, 16]
    public var products: Int { transformed + winograd.points * WinogradConvolution.pointStride(Self.channels * 2) }

    /// Numbers of scratch memory, at least what a block of channels takes that is scaled before its tiles are transformed.
    public var scratchCount: Int {
        max(
            products + winograd.points * WinogradConvolution.pointStride(rows * 2),
            WinogradConvolution.patchCount + winograd.geometry.inputArea * Blocked.lanes
        )
    }
}

extension WinogradConvolution {
    /// Numbers of memory that all threads share: the transformed tiles, [block of channels, point, tile, 16].
    public var sharedCount: Int {
        switch method {
        case .blocks: 0
        case .streamed: stride == 2 ? PhasePieces(self, isMixed: false).sharedCount : inputBlocks * tileBlockCount
        }
    }

    /// Numbers of scratch memory that each thread needs.
    public var scratchCount: Int {
        switch method {
        case .blocks(let tilesPerBlock):
            Self.patchCount + points * Self.pointStride(tilesPerBlock * inputBlocks)
                + points * Self.pointStride(tilesPerBlock * Self.panelsPerTurn * 2)
        case .streamed: stride == 2 ? PhasePieces(self, isMixed: false).scratchCount : WinogradPieces(self).scratchCount
        }
    }
}
