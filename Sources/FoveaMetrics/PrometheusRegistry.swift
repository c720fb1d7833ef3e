import Synchronization

/// The metrics of one server, and their text. Callable from any thread.
///
/// Names that Prometheus does not take become ones that it takes (``PrometheusName``). A name belongs to the kind of metric that had it first: another kind
/// that asks for it gets its own added, so that after a counter `jobs` a gauge `jobs` is told as `jobs_gauge`. The same goes for a name that is read when it is
/// asked for, and for one that a histogram's samples bear: `…_bucket`, `…_sum`, `…_count`. Nothing that is recorded is lost, mixed up or ends the process.
public final class PrometheusRegistry: Sendable {
    private struct Family: Sendable {
        let kind: MetricKind
        /// `nil` of a family that nobody described; it goes with its last series.
        var help: String?
        /// A histogram's; `nil` until they are told or the first series has brought its own.
        var bounds: [Double]?
        /// Of a family whose samples are read when they are asked for: it has no series.
        var read: (@Sendable () -> [MetricSample])?
        var series: [LabelSet: any Series] = [:]
    }

    /// The value of the field `Content-Type` of an answer with ``text()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let families = Mutex<[String: Family]>([:])

    /// A registry without metrics.
    public init() {}

    /// Says what the numbers of a name mean, which swift-metrics cannot tell. A family that is described is told even before anything is recorded.
    ///
    /// - Parameters:
    ///   - name: ends in the unit, and a counter's in `_total`, by convention.
    ///   - bounds: of a histogram's buckets, ascending; `nil` for those of timers or of recorders, whichever comes first.
    /// - Returns: the name under which it is told, which recorders are to be made with.
    @discardableResult
    public func describe(_ name: String, _ kind: MetricKind, _ help: String, bounds: [Double]? = nil) -> String {
        families.withLock { families in
            let name = Self.name(name, for: kind, in: families)
            families[name, default: Family(kind: kind)].help = help
            // Series that are there already go by bounds of their own.
            if families[name]?.bounds == nil { families[name]?.bounds = bounds }
            return name
        }
    }

    /// Has a family read whenever the metrics are asked for: nothing of it is kept in between, and nothing of it is left over.
    ///
    /// - Parameter read: runs on the thread that asks, without a lock of the registry's.
    public func read(_ name: String, _ kind: MetricKind, _ help: String, _ read: @escaping @Sendable () -> [MetricSample]) {
        families.withLock { families in
            families[Self.name(name, for: kind, isRead: true, in: families)] = Family(kind: kind, help: help, read: read)
        }
    }

    /// Has a family of one number, or none, read whenever the metrics are asked for.
    public func read(_ name: String, _ kind: MetricKind, _ help: String, _ read: @escaping @Sendable () -> Double?) {
        self.read(name, kind, help) { read().map { [MetricSample($0)] } ?? [] }
    }

    /// Every family in Prometheus' text format, by name.
    public func text() -> String {
        var text = MetricsText()
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text.family(name, family.kind, help: family.help)
            for sample in family.read?() ?? [] { text.sample(sample.value, LabelSet(sample.labels)) }
            for series in family.series.values.sorted(by: { $0.id.labels.text < $1.id.labels.text }) { series.write(to: &text) }
        }
        return text.text
    }

    /// The series of these labels; a new one where there is none.
    ///
    /// - Parameters:
    ///   - bounds: of a histogram that was not described.
    ///   - make: gets the family's bounds.
    func series<Made: Series>(
        _ name: String, _ labels: [(String, String)], bounds: [Double] = [], make: (SeriesID, _ bounds: [Double]) -> Made
    ) -> Made {
        let labels = LabelSet(labels)
        return families.withLock { families in
            let name = Self.name(name, for: Made.kind, in: families)
            var family = families[name] ?? Family(kind: Made.kind)
            if let known = family.series[labels] as? Made { return known }
            let bounds = family.bounds ?? bounds
            let made = make(SeriesID(family: name, labels: labels), bounds)
            family.bounds = bounds
            family.series[labels] = made
            families[name] = family
            return made
        }
    }

    /// Takes a series away, unless another has its labels by now.
    func remove(_ series: any Series) {
        families.withLock { families in
            let (name, labels) = (series.id.family, series.id.labels)
            guard families[name]?.series[labels] === series else { return }
            families[name]?.series[labels] = nil
            if let family = families[name], family.series.isEmpty, family.help == nil { families[name] = nil }
        }
    }

    /// The valid name under which a kind is told.
    private static func name(_ wanted: String, for kind: MetricKind, isRead: Bool = false, in families: [String: Family]) -> String {
        var name = PrometheusName.metric(wanted)
        while isTaken(name, for: kind, isRead: isRead, in: families) { name += "_\(kind.rawValue)" }
        return name
    }

    private static func isTaken(_ name: String, for kind: MetricKind, isRead: Bool, in families: [String: Family]) -> Bool {
        if let family = families[name] { return family.kind != kind || family.read != nil || isRead }
        let suffixes = ["_bucket", "_sum", "_count"]
        if kind == .histogram && suffixes.contains(where: { families[name + $0] != nil }) { return true }
        return suffixes.contains { name.hasSuffix($0) && families[String(name.dropLast($0.count))]?.kind == .histogram }
    }
}
