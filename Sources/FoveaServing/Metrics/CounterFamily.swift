import Synchronization

/// Counters of one name, told apart by their labels' values. Callable from any thread.
final class CounterFamily: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let counts = Mutex<[[String]: Int]>([:])

    /// - Parameter name: ends in `_total`, by convention.
    init(_ name: String, _ help: String, labels: [String] = []) {
        (self.name, self.help, self.labels) = (name, help, labels)
    }

    /// Counts one more.
    /// - Parameter values: one for each label, and few different ones: each combination is kept for ever.
    func increment(_ values: String...) {
        counts.withLock { $0[values, default: 0] += 1 }
    }

    func write(to text: inout MetricsText) {
        text.family(name, .counter, help)
        for (values, count) in counts.withLock({ $0 }).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            text.sample(Double(count), Array(zip(labels, values)).map { (name: $0, value: $1) })
        }
    }
}
