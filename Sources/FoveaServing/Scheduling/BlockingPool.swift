import FoveaSystem

/// Threads for work that blocks or computes for milliseconds, which has no place on the cooperative pool.
final class BlockingPool: Sendable {
    private struct State: Sendable {
        var jobs = TurnQueue<@Sendable () -> Void>()
        var isStopped = false
    }

    private let monitor = Monitor(State())

    /// Starts `threads` threads; they end when the pool is let go.
    init(threads: Int, name: String) {
        for index in 0..<max(1, threads) {
            SystemThread.start(named: "\(name)-\(index)", stackSize: 2 << 20) { [monitor] in
                while let job = monitor.wait(Self.step) { job() }
            }
        }
    }

    deinit {
        monitor.update { $0.isStopped = true }
    }

    /// Jobs that wait for a thread.
    var queued: Int { monitor.read { $0.jobs.count } }

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
        monitor.add { $0.jobs.append(job, lane: lane) }
    }

    private static func step(_ state: inout State) -> Monitor<State>.Step<(@Sendable () -> Void)?> {
        if let job = state.jobs.popFirst() { return .done(job) }
        return state.isStopped ? .done(nil) : .wait
    }
}
