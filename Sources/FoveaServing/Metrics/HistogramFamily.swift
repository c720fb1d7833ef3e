import Synchronization

/// Histograms of one name, told apart by a label. Callable from any thread.
final class HistogramFamily: Sendable {
    private struct Counts: Sendable {
        /// Observations up to each bound, and above the last; not cumulative.
        var buckets: [Int]
        var sum = 0.0
    }

    /// From half a millisecond to ten seconds.
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Powers of two up to the largest batch that is likely.
    static let sizes: [Double] = [1, 2, 4, 8, 16, 32, 64]

    private let name: String
    private let help: String
    private let label: String
    private let bounds: [Double]
    private let counts = Mutex<[String: Counts]>([:])

    /// - Parameter bounds: ascending; an observation belongs to the first that is not below it.
    init(_ name: String, _ help: String, label: String, bounds: [Double] = HistogramFamily.seconds) {
        (self.name, self.help, self.label, self.bounds) = (name, help, label, bounds)
    }

    /// Takes one observation in.
    /// - Parameter value: the label's; each is kept for ever.
    func observe(_ observation: Double, _ value: String) {
        let bucket = bounds.firstIndex { observation <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts[value, default: Counts(buckets: [Int](repeating: 0, count: bounds.count + 1))].buckets[bucket] += 1
            counts[value]?.sum += observation
        }
    }

    /// Takes a duration in, in seconds.
    func observe(_ duration: Duration, _ value: String) {
        observe(duration / .seconds(1), value)
    }

    /// Runs `body` and takes in how long it took.
    func time<Result>(_ value: String, _ body: () -> Result) -> Result {
        let start = ContinuousClock.now
        defer { observe(start.duration(to: .now), value) }
        return body()
    }

    func write(to text: inout MetricsText) {
        text.family(name, .histogram, help)
        for (value, counts) in counts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            var total = 0
            for (bound, count) in zip(bounds + [.infinity], counts.buckets) {
                total += count
                text.sample(Double(total), [(label, value), ("le", MetricsText.number(bound))], suffix: "_bucket")
            }
            text.sample(counts.sum, [(label, value)], suffix: "_sum")
            text.sample(Double(total), [(label, value)], suffix: "_count")
        }
    }
}
