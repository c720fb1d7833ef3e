/// A 3×3 convolution that moves by one or by two, by Winograd's minimal filtering F(m×m, 3×3) (Lavin and Gray, 2016): maps are cut into
/// tiles of m×m outputs, tiles and filters are transformed, and the products are sums over the channels alone, one matrix product for each
/// of the (m + 2)² points.
///
/// F(4×4) interpolates at 0, ±√½, ±√2 and ∞, which loses a fifth of the digits that the usual 0, ±1, ±2 lose (Barabasz et al., 2020).
///
/// Windows that move by two see the even and the odd rows and columns of a map apart, its *phases*: along an axis, y[i] = w₀ e[i] + w₂ e[i + 1] + w₁ o[i]
/// is F(4, 2) of the even phase and F(4, 1) of the odd one. Both have their values at ±½ and ±3/2, the even one at ∞ as well, and the products
/// are summed there, before one transform back: 81 products for 16 outputs, where the windows have 144 (`WinogradPhaseTransform`).
public struct WinogradConvolution: Sendable, PackedWeights {
    /// Which of the two operands stays in cache while the other goes by.
    public enum Method: Sendable, Hashable {
        /// Few weights: they are stored transformed, and each block of work takes some tiles through all three phases.
        case blocks(tilesPerBlock: Int)
        /// Weights as they are stored, of a quarter of the bytes: all tiles are transformed first, then each block of work streams a panel's
        /// filters, transforms them piece by piece in cache and multiplies all tiles by them.
        case streamed
    }

    package let geometry: ConvolutionGeometry
    /// m: outputs of a tile along each axis, 2 or 4.
    public let tile: Int
    /// What the windows move by, 1 or 2.
    public let stride: Int
    /// Points that a tile's inputs and filters are transformed to.
    public let points: Int
    package let tilesHigh: Int
    package let tilesWide: Int
    /// Numbers from one point's transformed tiles to the next point's, where filters are streamed.
    public let tileStride: Int
    /// Numbers of one block's transformed tiles.
    public let tileBlockCount: Int
    /// The transformed weights of one point.
    public let panels: Panels
    package let method: Method
    /// How filters are stored that are streamed; transformed ones are float32.
    public let precision: Precision

    /// - Parameter precision: How weights are stored where they are streamed; float32 otherwise.
    /// - Returns: `nil` for any other convolution.
    public init?(_ geometry: ConvolutionGeometry, tile: Int, precision: Precision = .float32) {
        let window = geometry.window
        let stride = window.stride.width
        guard tile == 4 || tile == 2 && stride == 1, geometry.groups == 1, window.kernel == Extent2D(3), 1...2 ~= stride,
            window.stride == Extent2D(stride), window.dilation == Extent2D(1)
        else { return nil }
        self.geometry = geometry
        self.tile = tile
        self.stride = stride
        tilesHigh = (window.output.height + tile - 1) / tile
        tilesWide = (window.output.width + tile - 1) / tile
        panels = Panels(outputs: geometry.outputChannels, depth: geometry.inputChannels)
        let tiles = tilesHigh * tilesWide
        points = stride == 2 ? 25 : (tile + 2) * (tile + 2)
        tileStride = Self.pointStride(tiles)
        tileBlockCount = points * tileStride
        let inputs = Blocked.count(channels: geometry.inputChannels, area: 1)
        if points * inputs * panels.stored <= Self.mostTransformed, tiles >= 48, stride == 1 {
            // Transformed tiles of a block stay in half the second-level cache. At least four blocks, so that there is work for several
            // threads.
            let fitting = (1 << 17) / (points * inputs)
            method = .blocks(tilesPerBlock: max(12, min(48, fitting / 12 * 12, (tiles + 3) / 4)))
            self.precision = .float32
        } else {
            method = .streamed
            self.precision = precision
        }
    }

    /// Transformed weights that a convolution may store: 4 MB stay in the outer caches, and weigh little beside a network's other weights.
    public static let mostTransformed = 1 << 20

    /// Products of a tile and a filter of one pair of channels.
    public var products: Int { stride == 2 ? 81 : points }
    /// Inputs of a tile along each axis.
    public var side: Int { stride * (tile - 1) + 3 }
    /// Tiles of a picture.
    public var tiles: Int { tilesHigh * tilesWide }
    /// Blocks of 16 input channels.
    public var inputBlocks: Int { Blocked.blocks(geometry.inputChannels) }
    /// Blocks of 16 output channels.
    public var outputBlocks: Int { Blocked.blocks(geometry.outputChannels) }

    /// The filters of streamed weights, in the order of a `ProductConvolution`: of each panel [block of channels, tap, channel, 32].
    public var filters: Panels { Panels(outputs: geometry.outputChannels, depth: geometry.depth) }

    /// Numbers of packed weights.
    public var weightCount: Int {
        switch method {
        case .blocks: points * filterStride
        case .streamed: precision.floats(filters.count)
        }
    }

    /// Output panels whose products are held before they are transformed back.
    public static let panelsPerTurn = 2

    /// Numbers of scratch memory to transform a tile in.
    public static let patchCount = 2 * 81 * Blocked.lanes

    /// Numbers from one point's transformed filters to the next point's, where they are stored.
    public var filterStride: Int { Self.pointStride(panels.count / Blocked.lanes) }

    /// Numbers from one point's `vectors` vectors to the next point's: a vector more, since the points of a tile are written and read together,
    /// and at a power of two from each other they would all compete for the same few lines of the first-level cache.
    @inline(__always)
    public static func pointStride(_ vectors: Int) -> Int { (vectors | 1) * Blocked.lanes }
}
