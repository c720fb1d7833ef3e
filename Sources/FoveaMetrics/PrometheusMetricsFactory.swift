import CoreMetrics

/// What swift-metrics records into a ``PrometheusRegistry``.
///
/// A `Counter` and a `FloatingPointCounter` are Prometheus' counters, a `Meter` and a `Gauge` its gauges, a `Timer` and a `Recorder` that aggregates its
/// histograms, timers in seconds. Those of the same label and dimensions record into one series; the first that is destroyed takes it away, and what the
/// others record from then on is told nowhere.
public struct PrometheusMetricsFactory: MetricsFactory {
    private let registry: PrometheusRegistry

    /// - Parameter registry: where series are kept, and told from.
    public init(_ registry: PrometheusRegistry) {
        self.registry = registry
    }

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// A counter.
    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// A histogram where it aggregates, else a gauge.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, bounds: Buckets.magnitudes) : gauge(label, dimensions)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, bounds: Buckets.seconds)
    }

    /// Takes the series away.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Takes the series away.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    /// Takes the series away.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Takes the series away.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Takes the series away.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        registry.series(label, dimensions) { id, _ in CounterSeries(id) }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        registry.series(label, dimensions) { id, _ in GaugeSeries(id) }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)], bounds: [Double]) -> HistogramSeries {
        registry.series(label, dimensions, bounds: bounds, make: HistogramSeries.init)
    }

    private func remove(_ handler: Any) {
        if let series = handler as? any Series { registry.remove(series) }
    }
}
