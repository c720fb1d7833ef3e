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
