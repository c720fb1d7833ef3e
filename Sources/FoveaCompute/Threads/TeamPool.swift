import Synchronization

/// Teams that passes borrow and give back, so that the sessions of many models and workers have few helpers between them.
///
/// Passes that run at the same time have no more threads together than the pool is made for. The pool keeps twice as many helpers as these need at most:
/// passes want now all threads and now a few, and no threads shall be started and ended each time.
public final class TeamPool: Sendable {
    private struct State: Sendable {
        /// Teams that nobody has, the one used last at the end.
        var idle: [ThreadTeam] = []
        /// Of all teams, those that are borrowed among them.
        var helpers = 0

        /// The smallest team of at least so many threads and less than twice as many, since helpers that a pass has no use for wake all the same. Of
        /// equal ones the one used last: its helpers may be awake still.
        mutating func popFitting(_ threads: Int) -> ThreadTeam? {
            var best: Int?
            for index in idle.indices where idle[index].threads >= threads && idle[index].threads < 2 * threads {
                if let found = best, idle[found].threads < idle[index].threads { continue }
                best = index
            }
            return best.map { idle.remove(at: $0) }
        }

        mutating func popLargest() -> ThreadTeam? {
            idle.indices.max { idle[$0].threads < idle[$1].threads }.map { idle.remove(at: $0) }
        }

        /// Lets those go that were not used for the longest, until there may be so many helpers more.
        mutating func makeRoom(for count: Int, of most: Int) {
            var gone = 0
            while helpers + count > most, gone < idle.count {
                helpers -= idle[gone].threads - 1
                gone += 1
            }
            idle.removeFirst(gone)
        }
    }

    private let threads: Int
    private let spins: Bool
    private let state = Mutex(State())

    /// A pool without teams; they are made when they are needed.
    ///
    /// - Parameters:
    ///   - threads: The most threads that passes have at the same time, their callers among them. 1024 are as good as no bound.
    ///   - spins: Whether threads may look for the next step for a moment before they sleep; not under a processor quota.
    public init(threads: Int = 1024, spins: Bool = true) {
        self.threads = max(threads, 1)
        self.spins = spins
    }

    /// The most helpers of a pool for so many threads.
    public static func mostHelpers(threads: Int) -> Int { 2 * (max(threads, 1) - 1) }

    /// The helpers of all teams, at work or not. Of a team that was let go they end a moment later.
    package var helpers: Int { state.withLock { $0.helpers } }

    /// A team for a pass; ``give(_:)`` must follow.
    ///
    /// - Returns: A team of `threads` threads or more, of fewer where the pool or the system has no more of them, and `nil` for a pass on its own thread.
    package func take(threads: Int) -> ThreadTeam? {
        let threads = min(threads, self.threads)
        guard threads > 1 else { return nil }
        let most = Self.mostHelpers(threads: self.threads)
        return state.withLock { state in
            if let team = state.popFitting(threads) { return team }
            state.makeRoom(for: threads - 1, of: most)
            let made = ThreadTeam(threads: min(threads, 1 + most - state.helpers), spins: spins)
            state.helpers += made.threads - 1
            if made.threads == threads { return made }
            if made.threads > 1 { state.idle.append(made) }
            return state.popLargest()
        }
    }

    /// Takes a team back.
    package func give(_ team: ThreadTeam) {
        state.withLock { $0.idle.append(team) }
    }
}
