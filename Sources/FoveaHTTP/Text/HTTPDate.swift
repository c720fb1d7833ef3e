import Synchronization

/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
package enum HTTPDate {
    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The last date that was written: all answers of a second have one.
    private static let last = Mutex((time: -1, text: ""))

    /// The date of now or of a time near it, which is written once a second.
    package static func current(unixTime: Int) -> String {
        last.withLock { last in
            if last.time != unixTime { last = (unixTime, text(unixTime: unixTime)) }
            return last.text
        }
    }

    /// The date of a time in seconds since 1970, not before it and with a year of four digits.
    package static func text(unixTime: Int) -> String {
        let time = min(max(unixTime, 0), 253_402_300_799)
        let day = time / 86_400
        let second = time % 86_400
        let (year, month, date) = civil(day)
        return
            "\(days[day % 7]), \(two(date)) \(months[month - 1]) \(year) \(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
    }

    /// A time as RFC 3339 writes it, without its zone: `1994-11-06T08:49:37`.
    package static func timestamp(unixTime: Int) -> String {
        let time = min(max(unixTime, 0), 253_402_300_799)
        let (year, month, date) = civil(time / 86_400)
        let second = time % 86_400
        return "\(year)-\(two(month))-\(two(date))T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    /// Days since 1970 to the Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func two(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
