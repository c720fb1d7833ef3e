/// The sizes of a deformable convolution: a convolution whose kernel points are moved, per position and per group of input channels.
package struct DeformableGeometry: Sendable, Hashable {
    package let convolution: ConvolutionGeometry
    /// Groups of input channels that are moved together.
    package let offsetGroups: Int

    /// - Returns: `nil` where the groups do not divide the input channels.
    package init?(_ convolution: ConvolutionGeometry, offsetGroups: Int) {
        guard offsetGroups > 0, convolution.inputChannels.isMultiple(of: offsetGroups) else { return nil }
        self.convolution = convolution
        self.offsetGroups = offsetGroups
    }

    package var channelsPerOffsetGroup: Int { convolution.inputChannels / offsetGroups }
    /// Moved points of each position.
    package var points: Int { offsetGroups * convolution.window.kernel.area }
}
