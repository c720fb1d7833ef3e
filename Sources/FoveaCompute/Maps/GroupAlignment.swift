/// A blocked map whose groups of channels have blocks of their own, [groups, ⌈C/16⌉, H·W, 16], instead of lying in a row: for kernels that work on whole
/// blocks, where groups would cut through them.
public struct GroupAlignment: Sendable {
    package let groups: Int
    /// Channels of a group.
    public let size: Int
    package let area: Int

    /// - Returns: `nil` where groups are whole blocks, or there is but one: they lie so already.
    public init?(groups: Int, size: Int, area: Int) {
        guard groups > 1, !size.isMultiple(of: Blocked.lanes) else { return nil }
        self.groups = groups
        self.size = size
        self.area = area
    }

    /// Channels in all.
    public var channels: Int { groups * size }
    /// Channels with the lanes behind each group's last one.
    public var alignedChannels: Int { groups * Blocked.blocks(size) * Blocked.lanes }

    /// Neighbouring channels that lie side by side in both maps.
    public struct Run {
        /// The first one's lane where groups lie in a row.
        public let lane: Int
        /// Its block and lane where they have blocks of their own.
        public let aligned: (block: Int, lane: Int)
        package let count: Int
    }

    /// Cuts a block of the map whose groups lie in a row.
    @inline(__always)
    public func forEachRun(ofBlock block: Int, _ body: (Run) -> Void) {
        let first = block &* Blocked.lanes
        let lanes = min(Blocked.lanes, channels &- first)
        var lane = 0
        while lane < lanes {
            let (group, channel) = (first &+ lane).quotientAndRemainder(dividingBy: size)
            let aligned = (block: group &* Blocked.blocks(size) &+ channel / Blocked.lanes, lane: channel % Blocked.lanes)
            let count = min(lanes &- lane, size &- channel, Blocked.lanes &- aligned.lane)
            body(Run(lane: lane, aligned: aligned, count: count))
            lane &+= count
        }
    }
}

extension ConvolutionGeometry {
    /// How the groups of the map that is read have blocks of their own.
    public var inputAlignment: GroupAlignment? { GroupAlignment(groups: groups, size: inputsPerGroup, area: inputArea) }
    /// How those of the map that is written have.
    public var outputAlignment: GroupAlignment? { GroupAlignment(groups: groups, size: outputsPerGroup, area: outputArea) }
}
