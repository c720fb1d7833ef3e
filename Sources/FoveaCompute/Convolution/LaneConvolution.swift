/// A convolution whose groups are thin: as many outputs as inputs a group, a number that divides 16. Depth-wise ones have one.
///
/// Weights are packed [⌈C/16⌉, inputs a group, kh·kw, 16]: of each output channel's lane, the weight of its group's input j.
public struct LaneConvolution: Sendable, PackedWeights {
    package let geometry: ConvolutionGeometry

    /// - Returns: `nil` where the groups are not thin.
    public init?(_ geometry: ConvolutionGeometry) {
        guard geometry.groups > 1, geometry.inputsPerGroup == geometry.outputsPerGroup,
            geometry.inputsPerGroup < Blocked.lanes, Blocked.lanes.isMultiple(of: geometry.inputsPerGroup)
        else { return nil }
        self.geometry = geometry
    }

    /// Numbers of packed weights.
    public var weightCount: Int { Blocked.blocks(geometry.outputChannels) * geometry.depth * Blocked.lanes }

    /// Neighbouring output positions that share a weight in registers, at most.
    public static let positions = 8

    /// Input rows that the windows of one output row span.
    public var heldRows: Int {
        let window = geometry.window
        return min((window.kernel.height - 1) * window.dilation.height + 1, window.input.height)
    }

    /// Columns of a held row: all that the windows of an output row read, padding among them, with the row filled up to whole `positions`.
    public var heldColumns: Int {
        let window = geometry.window
        let outputs = (window.output.width + Self.positions - 1) / Self.positions * Self.positions
        return (outputs - 1) * window.stride.width + (window.kernel.width - 1) * window.dilation.width + 1
    }

    /// Numbers of scratch memory that each thread needs: the held rows of one block of channels, [row, inputs a group, column, 16].
    public var scratchCount: Int { heldRows * geometry.inputsPerGroup * heldColumns * Blocked.lanes }

    /// - Parameter filters: [Cout, inputs a group, kh, kw]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        for output in 0..<geometry.outputChannels {
            let (block, lane) = output.quotientAndRemainder(dividingBy: Blocked.lanes)
            for k in 0..<geometry.depth {
                target[(block * geometry.depth + k) * Blocked.lanes + lane] = Float(filters.read(output, k))
            }
        }
    }
}
