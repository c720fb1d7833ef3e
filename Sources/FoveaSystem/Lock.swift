import Glibc

/// What one thread holds at a time, for state whose changes others wait for by a ``Condition``; what nobody waits for has a `Mutex`.
public struct Lock: ~Copyable, @unchecked Sendable {
    // A place of its own in memory: a lock may not move.
    @usableFromInline let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    /// A lock that nobody holds.
    public init() {
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` while this thread holds the lock.
    @inlinable
    public func withLock<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Runs `body`, within `withLock`, while others may hold the lock.
    @inlinable
    public func withoutLock(_ body: () -> Void) {
        pthread_mutex_unlock(mutex)
        defer { pthread_mutex_lock(mutex) }
        body()
    }
}
