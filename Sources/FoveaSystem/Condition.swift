import Glibc

/// What threads wait on that hold a ``Lock``, until others say that its state has changed. A thread may wake without that, and looks again.
public struct Condition: ~Copyable, @unchecked Sendable {
    // A place of its own in memory: threads wait on the address.
    @usableFromInline let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// A condition that nobody waits on.
    public init() {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A wall clock that is set must neither wake nor hold up who waits.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    /// Lets go of the lock, which this thread holds, until it is woken, and takes it again.
    @inlinable
    public func wait(_ lock: borrowing Lock) {
        pthread_cond_wait(condition, lock.mutex)
    }

    /// As `wait`, until `instant` or for an hour at most; not at all where it is over already.
    public func wait(_ lock: borrowing Lock, until instant: Instant) {
        let seconds = Instant.now.duration(to: instant) / .seconds(1)
        guard seconds > 0 else { return }
        var until = timespec()
        clock_gettime(CLOCK_MONOTONIC, &until)
        let nanoseconds = until.tv_nsec + Int(min(seconds, 3600) * 1e9)
        until.tv_sec += nanoseconds / 1_000_000_000
        until.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, lock.mutex, &until)
    }

    /// Wakes one thread that waits.
    @inlinable
    public func signal() {
        pthread_cond_signal(condition)
    }

    /// Wakes all threads that wait.
    @inlinable
    public func broadcast() {
        pthread_cond_broadcast(condition)
    }
}
