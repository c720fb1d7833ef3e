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
