import Foundation

/// State that threads share, and wait on.
///
/// The one place of this room where the compiler is told rather than shown that shared state is safe: every access holds the condition's lock.
final class Monitor<State: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var state: State

    init(_ state: State) {
        self.state = state
    }

    /// Runs `body` alone, then wakes the threads that wait.
    func update<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body(&state)
    }

    /// Runs `body` alone, without waking anybody.
    func read<Result>(_ body: (inout State) -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body(&state)
    }

    /// What a waiting thread does after it looked at the state.
    enum Step<Result> {
        case done(Result)
        case wait
        case waitUntil(ContinuousClock.Instant)
    }

    /// Blocks this thread until `body` is done; it is asked again whenever the state was updated or the time it named has come.
    func wait<Result>(_ body: (inout State) -> Step<Result>) -> Result {
        condition.lock()
        defer { condition.unlock() }
        while true {
            switch body(&state) {
            case .done(let result): return result
            case .wait: condition.wait()
            case .waitUntil(let instant):
                let seconds = ContinuousClock.now.duration(to: instant) / .seconds(1)
                if seconds > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: min(seconds, 3600))) }
            }
        }
    }
}
