import DequeModule
import Foundation

/// Threads for work that blocks or computes for milliseconds, which has no place on the cooperative pool.
final class BlockingPool: Sendable {
    private struct State: Sendable {
        var jobs: Deque<@Sendable () -> Void> = []
        var isStopped = false
    }

    private let monitor = Monitor(State())

    /// Starts `threads` threads; they end when the pool is let go.
    init(threads: Int, name: String) {
        for index in 0..<max(1, threads) {
            let thread = Thread { [monitor] in
                Thread.current.name = "\(name)-\(index)"
                while let job = monitor.wait(Self.step) { job() }
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    deinit {
        monitor.update { $0.isStopped = true }
    }

    /// Runs `body` on one of the threads.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            monitor.update { state in
                state.jobs.append { continuation.resume(returning: body()) }
            }
        }
    }

    private static func step(_ state: inout State) -> Monitor<State>.Step<(@Sendable () -> Void)?> {
        if let job = state.jobs.popFirst() { return .done(job) }
        return state.isStopped ? .done(nil) : .wait
    }
}
