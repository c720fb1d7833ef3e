/// What a thread holds of a dynamic convolution by Winograd, of a few input channels of one picture: the transformed tiles, the mixed and the
/// transformed weights.
package struct WinogradPieces: Sendable {
    private let winograd: WinogradConvolution

    package init(_ winograd: WinogradConvolution) {
        self.winograd = winograd
    }

    /// Input channels whose kernels are mixed and transformed at a time, for the sums over them to be worth their reading and writing.
    package static let channels = 2 * Blocked.lanes

    /// Where a picture's map is scaled by its gates, in numbers from the scratch memory's start: behind what a tile is transformed in.
    package var map: Int { WinogradConvolution.patchCount + 18 * Blocked.lanes }
    /// [point, block of channels, tile, 16]
    package var tiles: Int { map + winograd.geometry.inputArea * Blocked.lanes }
    /// Of one block of channels, [tap, channel, 32].
    package var mixed: Int { tiles + winograd.points * winograd.tiles * Self.channels }
    /// [point, channel, 32]
    package var transformed: Int { mixed + 9 * Blocked.lanes * Panels.width }

    package var scratchCount: Int { transformed + winograd.points * Self.channels * Panels.width }
}
