/// From a row-major map [C, H·W] to a blocked one, or back.
public struct LayoutChange: Sendable {
    package let channels: Int
    package let area: Int

    package init(channels: Int, area: Int) {
        self.channels = channels
        self.area = area
    }
}
