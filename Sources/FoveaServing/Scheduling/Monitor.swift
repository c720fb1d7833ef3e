import FoveaSystem
import Glibc

/// State that threads share, and wait on. Every access holds the lock, which is what makes it `Sendable`.
final class Monitor<State: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// What those wait on who look on and take nothing.
    private let seen = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A wall clock that is set must neither wake nor hold up who waits.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_cond_init(seen, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_cond_destroy(seen)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        seen.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone, then wakes the threads that wait.
    func withLockNotifyingAll<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_cond_broadcast(seen)
            pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// As `withLockNotifyingAll`, where `body` added work for one thread and all that wait are equally good for it: on a machine with many processors, waking them all
    /// would cost more than the work. Who waits by `waitAndSee` is woken too.
    func withLockNotifyingOne<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_signal(changed)
            pthread_cond_broadcast(seen)
            pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Runs `body` alone, without waking anybody.
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
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
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .done(let result): return result
            case .wait: pthread_cond_wait(changed, mutex)
            case .waitAndSee: pthread_cond_wait(seen, mutex)
            case .waitUntil(let instant): wait(seconds: Instant.now.duration(to: instant) / .seconds(1))
            case .sleepUntil(let instant):
                pthread_mutex_unlock(mutex)
                usleep(UInt32(max(0, min(Instant.now.duration(to: instant) / .microseconds(1), 3.6e9)).rounded(.up)))
                pthread_mutex_lock(mutex)
            }
        }
    }

    private func wait(seconds: Double) {
        guard seconds > 0 else { return }
        var until = timespec()
        clock_gettime(CLOCK_MONOTONIC, &until)
        let nanoseconds = until.tv_nsec + Int(min(seconds, 3600) * 1e9)
        until.tv_sec += nanoseconds / 1_000_000_000
        until.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(changed, mutex, &until)
    }
}
