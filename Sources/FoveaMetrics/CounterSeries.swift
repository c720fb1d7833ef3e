import CoreMetrics
import Synchronization

/// A count, or a sum of amounts that are not whole. Prometheus' numbers are doubles, so one does for both: exact up to 2⁵³.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    static let kind = MetricKind.counter
    let id: SeriesID
    private let total = Atomic(0.0)

    init(_ id: SeriesID) {
        self.id = id
    }

    func increment(by amount: Int64) {
        increment(by: Double(amount))
    }

    /// A counter only goes up: what is negative, infinite or not a number is left out.
    func increment(by amount: Double) {
        if amount > 0 && amount.isFinite { total.add(amount) }
    }

    func reset() {
        total.store(0, ordering: .relaxed)
    }

    func write(to text: inout MetricsText) {
        text.sample(total.load(ordering: .relaxed), id.labels)
    }
}
