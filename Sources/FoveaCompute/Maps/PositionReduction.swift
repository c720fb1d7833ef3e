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
