/// What a thread holds of a streamed convolution by Winograd: the transformed filters of a piece of one panel's depth, and the panel's
/// products.
package struct WinogradPieces: Sendable {
    private let winograd: WinogradConvolution
    /// Input channels of a piece, a multiple of 16.
    package let channels: Int

    package init(_ winograd: WinogradConvolution, channels: Int) {
        self.winograd = winograd
        self.channels = channels
    }

    /// Channels of a piece of stored filters: sums long enough to be worth their reading and writing, and short enough to keep float32's
    /// digits.
    package static let storedChannels = 8 * Blocked.lanes
    /// Channels of a piece of mixed filters, less: their stored kernels have to stay in cache for all pictures as well.
    package static let mixedChannels = 4 * Blocked.lanes

    /// Tiles whose products are held at a time, of one picture or of several: whole pictures where one of them fits.
    package var rows: Int {
        let most = 400
        return winograd.tiles > most ? most : min(Pass.mostPictures, most / winograd.tiles) * winograd.tiles
    }

    /// The mixed filters of one block of channels, [tap, channel, 32], in numbers from the scratch memory's start: behind what a tile is
    /// transformed in.
    package var mixed: Int { WinogradConvolution.patchCount }
    /// [point, channel, 32]
    package var transformed: Int { mixed + 9 * Blocked.lanes * Panels.width }
    /// [point, block of outputs, row, 16]
    package var products: Int { transformed + winograd.points * winograd.pointStride(channels * 2) }

    /// Numbers of scratch memory, at least what a block of channels takes that is scaled before its tiles are transformed.
    package var scratchCount: Int {
        max(
            products + winograd.points * winograd.pointStride(rows * 2),
            WinogradConvolution.patchCount + winograd.geometry.inputArea * Blocked.lanes
        )
    }
}
