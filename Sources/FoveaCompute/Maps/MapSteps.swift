/// Max or average pooling of a blocked map.
public struct MapPooling: Sendable {
    package let kind: PoolingKind
    package let channels: Int
    package let window: WindowGeometry

    package init(_ kind: PoolingKind, channels: Int, _ window: WindowGeometry) {
        self.kind = kind
        self.channels = channels
        self.window = window
    }
}

/// The mean or the maximum of each channel of a blocked map: [C, H, W] to [C].
public struct PositionReduction: Sendable {
    package let reduction: Reduction
    package let channels: Int
    package let area: Int

    package init(_ reduction: Reduction, channels: Int, area: Int) {
        self.reduction = reduction
        self.channels = channels
        self.area = area
    }
}

/// The mean or the maximum over the channels of each position of a blocked map: [C, H, W] to [H, W], row-major.
public struct ChannelReduction: Sendable {
    package let reduction: Reduction
    package let channels: Int
    package let area: Int

    package init(_ reduction: Reduction, channels: Int, area: Int) {
        self.reduction = reduction
        self.channels = channels
        self.area = area
    }
}

/// Adaptive average pooling or nearest-neighbour upsampling of a blocked map.
public struct MapResizing: Sendable {
    package let kind: ResizingKernel.Kind
    package let channels: Int
    package let input: Extent2D
    package let output: Extent2D

    package init(_ kind: ResizingKernel.Kind, channels: Int, input: Extent2D, output: Extent2D) {
        self.kind = kind
        self.channels = channels
        self.input = input
        self.output = output
    }
}

/// A chain of operations on the elements of a blocked map; starts from a copy of its first input, laid over the map.
public struct MapElementwise: Sendable {
    package let channels: Int
    package let area: Int
    package let base: MapOperation.Operand

    package init(channels: Int, area: Int, base: MapOperation.Operand) {
        self.channels = channels
        self.area = area
        self.base = base
    }
}

/// From a row-major map [C, H·W] to a blocked one, or back.
public struct LayoutChange: Sendable {
    package let channels: Int
    package let area: Int

    package init(channels: Int, area: Int) {
        self.channels = channels
        self.area = area
    }
}

/// A convolution whose groups are thin: as many outputs as inputs a group, a number that divides 16. Depth-wise ones have one.
///
/// Weights are packed [⌈C/16⌉, inputs a group, kh·kw, 16]: of each output channel's lane, the weight of its group's input j.
public struct LaneConvolution: Sendable {
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
}

/// A 1×1 convolution to at most four channels: from a blocked map to row-major ones, [Cout, H, W].
///
/// Weights are packed [Cout, ⌈Cin/16⌉, 16], with zeros behind the last channel.
public struct ChannelProduct: Sendable {
    package let channels: Int
    package let outputs: Int
    package let area: Int

    /// - Returns: `nil` for any other convolution.
    public init?(_ geometry: ConvolutionGeometry) {
        guard geometry.groups == 1, geometry.isPointwise, geometry.outputChannels <= 4 else { return nil }
        channels = geometry.inputChannels
        outputs = geometry.outputChannels
        area = geometry.outputArea
    }

    /// Numbers of packed weights.
    public var weightCount: Int { outputs * Blocked.blocks(channels) * Blocked.lanes }
}
