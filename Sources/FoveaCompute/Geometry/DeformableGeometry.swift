/// The sizes of a deformable convolution: a convolution whose kernel points are moved, per position and per group of input channels.
public struct DeformableGeometry: Sendable, Hashable {
    package let convolution: ConvolutionGeometry
    /// Groups of input channels that are moved together.
    public let offsetGroups: Int

    /// - Returns: `nil` where the groups do not divide the input channels.
    public init?(_ convolution: ConvolutionGeometry, offsetGroups: Int) {
        guard offsetGroups > 0, convolution.inputChannels.isMultiple(of: offsetGroups) else { return nil }
        self.convolution = convolution
        self.offsetGroups = offsetGroups
    }

    /// Input channels that are moved alike.
    public var channelsPerOffsetGroup: Int { convolution.inputChannels / offsetGroups }
    /// Moved points of each position.
    public var points: Int { offsetGroups * convolution.window.kernel.area }
}
