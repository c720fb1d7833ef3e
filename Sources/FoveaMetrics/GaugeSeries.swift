import CoreMetrics
import Synchronization

/// The last number that was recorded, or a level that goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    static let kind = MetricKind.gauge
    let id: SeriesID
    private let value = Atomic(0.0)

    init(_ id: SeriesID) {
        self.id = id
    }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.store(value, ordering: .relaxed) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }

    func write(to text: inout MetricsText) {
        text.sample(value.load(ordering: .relaxed), id.labels)
    }
}
