/// The first convolution of a network: of a row-major picture of at most four channels, to a blocked map.
///
/// The picture is laid out anew with its channels interleaved and its padding around it, [H + 2p, W + 2p, C]. A row of a window is then
/// one run of kw·C neighbouring numbers, and the depth is made of such runs in pieces of 16, where blocks of 16 channels would hold three.
public struct PictureConvolution: Sendable {
    package let geometry: ConvolutionGeometry
    package let panels: Panels
    /// Output positions that are worked on together.
    public let positions: Int

    /// - Returns: `nil` for more channels, for groups, and for windows with holes.
    public init?(_ geometry: ConvolutionGeometry) {
        guard geometry.inputChannels <= 4, geometry.groups == 1, geometry.window.dilation == Extent2D(1) else { return nil }
        self.geometry = geometry
        panels = Panels(outputs: geometry.outputChannels, depth: geometry.depth)
        let blocks = max(1, (geometry.outputArea + 95) / 96)
        positions = (geometry.outputArea + blocks - 1) / blocks
    }

    /// Numbers of a window's row.
    public var run: Int { geometry.window.kernel.width * geometry.inputChannels }
    /// Pieces of 16 of a window's row, and what is left behind them.
    public var wholePieces: Int { run / Blocked.lanes }
    /// Numbers of a run behind its last whole vector.
    public var rest: Int { run % Blocked.lanes }
    /// Pieces of a window, the whole ones of all rows before what is left of each.
    public var pieces: Int { geometry.window.kernel.height * (wholePieces + (rest > 0 ? 1 : 0)) }

    /// The size of the picture with its padding.
    public var padded: Extent2D {
        let window = geometry.window
        return Extent2D(window.input.height + 2 * window.padding.height, window.input.width + 2 * window.padding.width)
    }

    /// Blocks of work.
    public var blocks: Int { (geometry.outputArea + positions - 1) / positions }
    package var weightCount: Int { panels.count }
    /// Numbers of scratch memory that each thread needs: the windows' pieces, [piece, position, 16].
    public var scratchCount: Int { pieces * positions * Blocked.lanes }
    /// Numbers of memory that all threads share: the picture laid out anew, and a vector that may be read behind it.
    public var sharedCount: Int { padded.area * geometry.inputChannels + Blocked.lanes }

    /// - Parameter filters: [Cout, Cin, kh, kw]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        panels.pack(filters, order: order, to: WeightWriter(target, .float32))
    }

    /// For each element of the depth its place in a PyTorch filter [Cin, kh, kw].
    private var order: [Int] {
        let (kernel, channels) = (geometry.window.kernel, geometry.inputChannels)
        func places(_ elements: Range<Int>) -> [Int] {
            (0..<kernel.height).flatMap { ky in
                elements.map { element in
                    let (kx, channel) = element.quotientAndRemainder(dividingBy: channels)
                    return (channel * kernel.height + ky) * kernel.width + kx
                }
            }
        }
        let whole = wholePieces * Blocked.lanes
        guard whole > 0 else { return places(0..<run) }
        // Whole pieces row by row, each row's one behind the other, then what is left of each row.
        return places(0..<whole) + places(whole..<run)
    }
}
