import FoveaSystem
import Glibc

/// A point in time for both purposes of a connection: time-outs, and the `Date` field.
package struct Moment: Sendable {
    package var instant: Instant
    /// Seconds since 1970 in UTC.
    package var unixTime: Int

    package init(instant: Instant, unixTime: Int) {
        self.instant = instant
        self.unixTime = unixTime
    }

    /// Now, by the system's clocks.
    package static var now: Moment {
        Moment(instant: .now, unixTime: time(nil))
    }

    package func advanced(by duration: Duration) -> Moment {
        Moment(instant: instant.advanced(by: duration), unixTime: unixTime + Int(duration.components.seconds))
    }
}
