/// A 3×3 convolution that moves by one, by Winograd's minimal filtering F(m×m, 3×3) (Lavin and Gray, 2016): maps are cut into tiles of
/// m×m outputs, tiles and filters are transformed, and the products are sums over the channels alone, one matrix product for each of the
/// (m + 2)² points.
///
/// F(4×4) interpolates at 0, ±√½, ±√2 and ∞, which loses a fifth of the digits that the usual 0, ±1, ±2 lose (Barabasz et al., 2020).
package struct WinogradConvolution: Sendable {
    package let geometry: ConvolutionGeometry
    /// m: outputs of a tile along each axis, 2 or 4.
    package let tile: Int
    package let tilesHigh: Int
    package let tilesWide: Int
    /// The weights of one point.
    package let panels: Panels
    /// Tiles that one block of work takes through all three phases; nil where each phase runs over all tiles before the next.
    package let tilesPerBlock: Int?

    /// - Returns: `nil` for any other convolution.
    package init?(_ geometry: ConvolutionGeometry, tile: Int) {
        let window = geometry.window
        guard tile == 2 || tile == 4, geometry.groups == 1, window.kernel == Extent2D(3), window.stride == Extent2D(1),
            window.dilation == Extent2D(1)
        else { return nil }
        self.geometry = geometry
        self.tile = tile
        tilesHigh = (window.output.height + tile - 1) / tile
        tilesWide = (window.output.width + tile - 1) / tile
        panels = Panels(outputs: geometry.outputChannels, depth: geometry.inputChannels)
        let points = (tile + 2) * (tile + 2)
        // Transformed tiles of a block stay in half the second-level cache; where the weights are larger than that cache, whole maps of
        // tiles are transformed first so that the weights are streamed once.
        let (inputs, tiles) = (Blocked.count(channels: geometry.inputChannels, area: 1), tilesHigh * tilesWide)
        let fitting = (1 << 17) / (points * inputs)
        let isSmall = points * inputs * panels.stored <= 3 << 20
        // At least four blocks, so that there is work for several threads.
        tilesPerBlock = isSmall && tiles >= 48 ? max(12, min(48, fitting / 12 * 12, tiles / 4)) : nil
    }

    package var points: Int { (tile + 2) * (tile + 2) }
    package var tiles: Int { tilesHigh * tilesWide }
    package var weightCount: Int { points * panels.count }
    package var inputBlocks: Int { Blocked.blocks(geometry.inputChannels) }
    package var outputBlocks: Int { Blocked.blocks(geometry.outputChannels) }

    /// Output panels whose products are held before they are transformed back.
    package static let panelsPerTurn = 2

    /// Numbers of scratch memory to transform a tile in.
    package static let patchCount = 2 * 36 * Blocked.lanes

    /// Numbers of scratch memory that each thread needs.
    package var scratchCount: Int {
        guard let tilesPerBlock else { return Self.patchCount }
        return Self.patchCount + points * tilesPerBlock * (inputBlocks * Blocked.lanes + Self.panelsPerTurn * Panels.width)
    }

    /// Numbers of memory that all threads share: the transformed tiles, then the products.
    package var sharedCount: Int { tilesPerBlock == nil ? phaseCount : 0 }

    /// Numbers of all transformed tiles and of all products.
    package var phaseCount: Int { points * tiles * Blocked.lanes * (inputBlocks + outputBlocks) }
}
