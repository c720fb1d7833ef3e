/// Feature maps as the fast kernels read them: channels in blocks of 16, [⌈C/16⌉, H·W, 16], so that one position's block is one vector.
///
/// The lanes behind the last channel hold any numbers, and no kernel lets them reach another lane. A vector [C] has the same elements in
/// both layouts.
public enum Blocked {
    /// Channels of a block: one vector of AVX-512, two of AVX2, four of SSE.
    public static let lanes = 16

    /// Blocks that hold `channels` channels.
    public static func blocks(_ channels: Int) -> Int { (channels + lanes - 1) / lanes }

    /// Numbers of a blocked map.
    public static func count(channels: Int, area: Int) -> Int { blocks(channels) * area * lanes }
}
