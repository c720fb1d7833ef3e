/// How much each position of a blocked map resembles its group's mean, standardised over the positions: [C, H, W] to [G, H, W], blocked.
///
/// Of each group of C/G neighbouring channels the products of a position's vector with the vector of the channels' means, less their own
/// mean, by their unbiased standard deviation + ε: what the gate of spatial group-wise enhance (Li et al., 2019) is made of.
public struct GroupSimilarity: Sendable {
    package let channels: Int
    package let groups: Int
    package let area: Int
    package let epsilon: Float

    /// - Parameter groups: divides `channels`
    /// - Parameter area: at least two
    public init(channels: Int, groups: Int, area: Int, epsilon: Float) {
        self.channels = channels
        self.groups = groups
        self.area = area
        self.epsilon = epsilon
    }

    /// Channels of a group; a block of sixteen groups is as many whole blocks of channels.
    public var channelsPerGroup: Int { channels / groups }

    /// Blocks of channels that belong to a block of groups, at most.
    private var blocks: Int { min(channelsPerGroup, Blocked.blocks(channels)) }

    /// Numbers of scratch memory that each thread needs: the means of a block of groups; sixteen positions' products of a block of channels and the sums
    /// of the groups, each with as much room to be transposed in.
    public var scratchCount: Int { blocks * Blocked.lanes + 4 * Blocked.lanes * Blocked.lanes }
}
