/// A 1×1 convolution to at most four channels: from a blocked map to row-major ones, [Cout, H, W].
///
/// Weights are packed [Cout, ⌈Cin/16⌉, 16], with zeros behind the last channel.
public struct ChannelProduct: Sendable, PackedWeights {
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

    /// - Parameter filters: [Cout, Cin]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let stored = Blocked.blocks(channels) * Blocked.lanes
        for output in 0..<outputs {
            for channel in 0..<channels { target[output * stored + channel] = Float(filters.read(output, channel)) }
        }
    }
}
