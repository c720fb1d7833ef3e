import FoveaSystem
import Glibc

/// State that threads share, and wait on. Every access holds the lock, which is what makes it `Sendable`.
final class Monitor<State: Sendable>: @unchecked Sendable {
    private let lock = Lock()
    private let changed = Condition()
    /// What those wait on who look on and take nothing.
    private let seen = Condition()
    private var state: State

    init(_ state: State) {
        self.state = state
    }

    /// Runs `body` alone, then wakes the threads that wait.
    func withLockNotifyingAll<Result>(_ body: (inout State) -> Result) -> Result {
        lock.withLock {
            defer {
                changed.broadcast()
                seen.broadcast()
            }
            return body(&state)
        }
    }

    /// As `withLockNotifyingAll`, where `body` added work for one thread and all that wait are equally good for it: on a machine with many processors, waking them all
    /// would cost more than the work. Who waits by `waitAndSee` is woken too.
    func withLockNotifyingOne<Result>(_ body: (inout State) -> Result) -> Result {
        lock.withLock {
            defer {
                changed.signal()
                seen.broadcast()
            }
            return body(&state)
        }
    }

    /// Runs `body` alone, without waking anybody.
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        lock.withLock { body(&state) }
    }

    /// What a waiting thread does after it looked at the state.
    enum Step<Result> {
        case done(Result)
        case wait
        case waitUntil(Instant)
        /// As `wait`, for a thread that does not take the work that is added.
        case waitAndSee
        /// As `waitUntil`, but no notification wakes the thread.
        case sleepUntil(Instant)
    }

    /// Blocks this thread until `body` is done; it is asked again whenever it was notified or the time it named has come,
    /// after `sleepUntil` only by the time.
    func wait<Result>(_ body: (inout State) -> Step<Result>) -> Result {
        lock.withLock {
            while true {
                switch body(&state) {
                case .done(let result): return result
                case .wait: changed.wait(lock)
                case .waitAndSee: seen.wait(lock)
                case .waitUntil(let instant): changed.wait(lock, until: instant)
                case .sleepUntil(let instant):
                    let microseconds = max(0, min(Instant.now.duration(to: instant) / .microseconds(1), 3.6e9)).rounded(.up)
                    lock.withoutLock { usleep(UInt32(microseconds)) }
                }
            }
        }
    }
}
