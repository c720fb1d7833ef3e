import FoveaSystem

/// A fork-join team: the calling thread and helpers that park while there is nothing to do.
///
/// Calls come from one thread at a time. The helpers end when the team is let go.
public final class ThreadTeam {
    /// Threads in all, the caller among them.
    public let threads: Int
    private let crew: ThreadCrew

    /// - Parameter spins: Whether threads may look for work before they sleep.
    public init(threads: Int, spins: Bool = true) {
        self.threads = max(threads, 1)
        crew = ThreadCrew(threads: self.threads, spins: spins)
        for index in 1..<self.threads {
            SystemThread.start(named: "fovea-\(index)", stackSize: 1 << 20) { [crew] in crew.help(as: index) }
        }
    }

    deinit {
        crew.stop()
    }

    /// Runs `body` once for every block, on up to `limit` threads; returns when all blocks are done.
    ///
    /// - Parameter body: Gets the block and the number of the thread that runs it, below `limit`. Which thread takes which block is left
    ///   to chance, so a block's result must depend on the block alone.
    public func parallelFor(blocks: Int, limit: Int = .max, _ body: (_ block: Int, _ thread: Int) -> Void) {
        let limit = min(limit, threads, blocks)
        guard limit > 1 else {
            for block in 0..<blocks { body(block, 0) }
            return
        }
        withoutActuallyEscaping(body) { crew.run(blocks: blocks, limit: limit, $0) }
    }
}
