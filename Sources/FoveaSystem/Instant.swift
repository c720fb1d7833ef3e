import Glibc

/// A point in time on the machine's clock, which never goes back and does not stop while the machine sleeps (CLOCK_BOOTTIME, as `ContinuousClock`'s).
///
/// `ContinuousClock.Instant` is of a library whose layouts are known only at run time, and so is every value with one in it: each copy of a connection's
/// state was a walk through tables of its parts, and cost a request more than reading it did.
public struct Instant: Sendable, Hashable, Comparable {
    /// Since the machine started.
    @usableFromInline let age: Duration

    @inlinable init(age: Duration) {
        self.age = age
    }

    /// Now.
    @inlinable
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(age: Duration(secondsComponent: Int64(time.tv_sec), attosecondsComponent: Int64(time.tv_nsec) * 1_000_000_000))
    }

    /// So much later.
    @inlinable
    public func advanced(by duration: Duration) -> Instant {
        Instant(age: age + duration)
    }

    /// How much later another is.
    @inlinable
    public func duration(to other: Instant) -> Duration {
        other.age - age
    }

    /// How much later one is than another.
    @inlinable
    public static func - (later: Instant, earlier: Instant) -> Duration {
        later.age - earlier.age
    }

    /// Whether one is earlier than another.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.age < right.age
    }
}
