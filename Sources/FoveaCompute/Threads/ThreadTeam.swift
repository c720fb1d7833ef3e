import FoveaSystem

/// A fork-join team: the calling thread and helpers that park while there is nothing to do.
///
/// Calls come from one thread at a time, whichever it is. The helpers end when the team is let go.
public final class ThreadTeam: Sendable {
    /// Threads in all, the caller among them: fewer than were asked for where the system did not give them, and 1 where it gave none.
    public let threads: Int
    private let crew: ThreadCrew

    /// - Parameter threads: How many to have in all, the caller among them.
    /// - Parameter spins: Whether threads may look for work before they sleep.
    public convenience init(threads: Int, spins: Bool = true) {
        self.init(threads: threads, spins: spins) { SystemThread.start(named: $0, stackSize: 1 << 20, $1) }
    }

    /// - Parameter start: Starts a thread of a name; says whether there is one.
    init(threads: Int, spins: Bool, start: (_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool) {
        let asked = max(threads, 1)
        let crew = ThreadCrew(threads: asked, spins: spins)
        var started = 0
        // The first that is not given ends it: a call's threads are those of the lowest numbers.
        for index in 1..<asked {
            guard start("fovea-\(index)", { crew.help(as: index) }) else { break }
            started += 1
        }
        self.crew = crew
        self.threads = 1 + started
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
