/// The first convolution of a network: of a row-major picture of at most four channels, to a blocked map.
///
/// The picture is laid out anew with its channels interleaved and its padding around it, [H + 2p, W + 2p, C]. A row of a window is then
/// one run of kw·C neighbouring numbers, and nothing is gathered; blocks of 16 channels would hold three.
public struct PictureConvolution: Sendable, PackedWeights {
    package let geometry: ConvolutionGeometry
    package let panels: Panels
    /// Lines of outputs that are worked on together, where they are short; else a line is cut into `parts`.
    private let lines: Int
    private let parts: Int

    /// - Returns: `nil` for more channels, for groups, and for windows with holes.
    public init?(_ geometry: ConvolutionGeometry) {
        guard geometry.inputChannels <= 4, geometry.groups == 1, geometry.window.dilation == Extent2D(1) else { return nil }
        self.geometry = geometry
        panels = Panels(outputs: geometry.outputChannels, depth: geometry.depth)
        // Near 96 positions: enough to use a panel often while it is in cache.
        let width = geometry.window.output.width
        lines = max(1, 96 / width)
        parts = (width + 127) / 128
    }

    /// Numbers of a window's row.
    public var run: Int { geometry.window.kernel.width * geometry.inputChannels }
    /// Numbers from one position's window to the next.
    public var distance: Int { geometry.window.stride.width * geometry.inputChannels }

    /// Rows of a window that are summed before the sum joins what was summed before: short sums keep float32's digits.
    public var rowsPerSum: Int {
        let rows = geometry.window.kernel.height
        let sums = min((rows * run + 127) / 128, rows)
        return (rows + sums - 1) / sums
    }

    /// The size of the picture with its padding.
    public var padded: Extent2D { geometry.window.padded }

    /// Blocks of work.
    public var blocks: Int { (geometry.window.output.height + lines - 1) / lines * parts }

    /// The outputs of a block of work: whole lines, or a part of one.
    public func outputs(of block: Int) -> (lines: Range<Int>, columns: Range<Int>) {
        let (height, width) = (geometry.window.output.height, geometry.window.output.width)
        let (first, part) = (block / parts * lines, block % parts)
        return (first..<min(first + lines, height), part * width / parts..<(part + 1) * width / parts)
    }

    package var weightCount: Int { panels.count }
    /// Numbers of memory that all threads share: the picture laid out anew.
    public var sharedCount: Int { padded.area * geometry.inputChannels }

    /// - Parameter filters: [Cout, Cin, kh, kw]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        panels.pack(filters, order: order, to: WeightWriter(target, .float32))
    }

    /// For each element of the depth, [kh, kw, Cin], its place in a PyTorch filter [Cin, kh, kw].
    private var order: [Int] {
        let (taps, channels) = (geometry.window.kernel.area, geometry.inputChannels)
        return (0..<taps).flatMap { tap in (0..<channels).map { $0 * taps + tap } }
    }
}
