/// A convolution of one or two row-major maps to one or two, whose windows move by one: CBAM's spatial gate. All maps are row-major.
///
/// A block of work holds the input rows that its windows read, with their padding, so that sixteen neighbouring outputs stay in registers over all
/// weights of a window.
public struct PlaneConvolution: Sendable {
    package let geometry: ConvolutionGeometry
    /// Output rows of a block of work.
    public let rows: Int

    /// Output rows whose sums are in registers together.
    public static let rowsPerTurn = 4

    /// Rows and columns that a window may reach beyond its first ones: what a thread holds grows with both.
    private static let mostReach = 128

    /// - Returns: `nil` for any other convolution.
    public init?(_ geometry: ConvolutionGeometry) {
        let window = geometry.window
        guard geometry.groups == 1, max(geometry.inputChannels, geometry.outputChannels) <= 2, window.stride == Extent2D(1) else {
            return nil
        }
        let reach = (window.kernel.height - 1) * window.dilation.height
        guard max(reach, (window.kernel.width - 1) * window.dilation.width) <= Self.mostReach else { return nil }
        self.geometry = geometry
        // Held rows of near 32 kB; at least twice as many as windows reach beyond the block.
        let columns = Self.heldColumns(window) * geometry.inputChannels
        rows = min(window.output.height, max(2 * reach, (1 << 13) / columns, 1))
    }

    /// Blocks of work.
    public var blocks: Int { (geometry.window.output.height + rows - 1) / rows }

    /// Input rows of one map that a block's windows read, rows of padding among them.
    public var heldRows: Int { rows + (geometry.window.kernel.height - 1) * geometry.window.dilation.height }

    /// Columns of a held row, with its padding, filled up so that whole vectors of outputs read it.
    public var heldColumns: Int { Self.heldColumns(geometry.window) }

    private static func heldColumns(_ window: WindowGeometry) -> Int {
        Blocked.blocks(window.output.width) * Blocked.lanes + (window.kernel.width - 1) * window.dilation.width
    }

    /// Numbers of scratch memory that each thread needs: the held rows, [map, row, column], and a vector of outputs.
    public var scratchCount: Int { geometry.inputChannels * heldRows * heldColumns + Blocked.lanes }
}
