/// The threads and the scratch memory of a pass, or of one picture's share of it.
///
/// A picture that has the machine to itself is given a team; in a batch each thread runs a picture of its own, on a lane of one thread.
/// Kernels cut their work into blocks that depend on the sizes alone, or on the threads and the pictures where a cut changes no bit (`Pass.shared`), so
/// both give the same bits.
public struct Lane {
    private let team: ThreadTeam?
    private let limit: Int
    private let scratch: UnsafeMutablePointer<Float>
    private let scratchCount: Int

    /// - Parameter team: nil for the calling thread alone
    /// - Parameter scratch: `scratchCount` numbers for each thread
    public init(team: ThreadTeam?, limit: Int, scratch: UnsafeMutablePointer<Float>, scratchCount: Int) {
        self.team = team
        self.limit = limit
        self.scratch = scratch
        self.scratchCount = scratchCount
    }

    /// How many threads share the blocks.
    public var threads: Int { team.map { min(limit, $0.threads) } ?? 1 }

    /// Runs `body` for every block, with scratch memory that no other block uses meanwhile.
    @inline(__always)
    public func forEach(_ blocks: Int, _ body: (_ block: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void) {
        if let team, blocks > 1 {
            team.parallelFor(blocks: blocks, limit: limit) { body($0, scratch + $1 * scratchCount) }
        } else {
            for block in 0..<blocks { body(block, scratch) }
        }
    }

    /// Cuts `count` items into blocks of `size` and runs `body` for each block's range.
    @inline(__always)
    public func forEachRange(of count: Int, by size: Int, _ body: (_ range: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void) {
        let size = max(size, 1)
        forEach((count + size - 1) / size) { block, scratch in
            body(block * size..<min((block + 1) * size, count), scratch)
        }
    }
}
