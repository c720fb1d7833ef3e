import FoveaSystem

/// Threads for work that blocks or computes for milliseconds, which has no place on the cooperative pool.
final class BlockingPool: Sendable {
    private struct State: Sendable {
        var jobs = TurnQueue<@Sendable () -> Void>()
        /// Threads that run a lane's jobs.
        var running: [Int: Int] = [:]
        /// The most threads of one lane: all but one, so that the longest jobs of one lane do not hold up the others.
        let share: Int
        var isStopped = false

        mutating func finish(_ lane: Int) {
            let left = running[lane, default: 1] - 1
            running[lane] = left > 0 ? left : nil
        }
    }

    private typealias Job = (lane: Int, run: @Sendable () -> Void)

    private let monitor: Monitor<State>

    /// Starts `threads` threads; they end when the pool is let go.
    init(threads: Int, name: String) {
        monitor = Monitor(State(share: max(1, threads - 1)))
        for index in 0..<max(1, threads) {
            SystemThread.start(named: "\(name)-\(index)", stackSize: 2 << 20) { [monitor] in
                while let job = monitor.wait(Self.step) {
                    job.run()
                    monitor.withLockNotifyingAll { $0.finish(job.lane) }
                }
            }
        }
    }

    deinit {
        monitor.withLockNotifyingAll { $0.isStopped = true }
    }

    /// Runs `body` on one of the threads.
    ///
    /// - Parameter lane: lanes take turns, so that a flood of one does not hold up the others.
    func run<Result: Sendable>(lane: Int = 0, _ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            submit(lane: lane) { continuation.resume(returning: body()) }
        }
    }

    /// As `run`, without waiting for the end.
    func submit(lane: Int, _ job: @escaping @Sendable () -> Void) {
        monitor.withLockNotifyingOne { $0.jobs.append(job, lane: lane) }
    }

    private static func step(_ state: inout State) -> Monitor<State>.Step<Job?> {
        let (running, share) = (state.running, state.share)
        guard let (lane, job) = state.jobs.popFirst(where: { running[$0, default: 0] < share }) else {
            return state.isStopped && state.jobs.count == 0 ? .done(nil) : .wait
        }
        state.running[lane, default: 0] += 1
        return .done((lane, job))
    }
}
