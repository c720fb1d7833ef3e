import CoreMetrics
import Synchronization

/// How many observations are within each of some bounds, and their sum. Timers are observed in seconds.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct Counts: Sendable {
        /// Observations up to each bound, and above the last; not cumulative.
        var buckets: [Int]
        var sum = 0.0
    }

    static let kind = MetricKind.histogram
    let id: SeriesID
    private let bounds: [Double]
    /// A lock and not atomics: sum and buckets are to be of the same observations.
    private let counts: Mutex<Counts>

    /// - Parameter bounds: ascending; an observation belongs to the first that is not below it.
    init(_ id: SeriesID, bounds: [Double]) {
        (self.id, self.bounds) = (id, bounds)
        counts = Mutex(Counts(buckets: [Int](repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    /// What is not a number is left out: the sum would never be one again.
    func record(_ value: Double) {
        if value.isNaN { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.buckets[bucket] += 1
            counts.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e9)
    }

    func write(to text: inout MetricsText) {
        let counts = counts.withLock { $0 }
        var total = 0
        for (bound, count) in zip(bounds + [.infinity], counts.buckets) {
            total += count
            text.sample(Double(total), id.labels, suffix: "_bucket", bound: bound)
        }
        text.sample(counts.sum, id.labels, suffix: "_sum")
        text.sample(Double(total), id.labels, suffix: "_count")
    }
}
