import FoveaHTTP
import FoveaMetrics
import HTTPTypes
import Metrics

/// Everything that the server counts and times. What can be read when it is asked for is not kept here a second time.
final class ServingMetrics: Sendable {
    private struct Answer: Hashable, Sendable {
        let route, model: String
        let status: Int
    }

    private struct Rejection: Hashable, Sendable {
        let model, reason: String
    }

    private let registry: PrometheusRegistry
    private let requests: HandleCache<Answer, Counter>
    private let requestSeconds: HandleCache<String, Timer>
    private let models: HandleCache<String, ModelMetrics>
    private let rejections: HandleCache<Rejection, Counter>
    private let dropped: Counter

    /// - Parameters:
    ///   - registry: no other server's.
    ///   - threads: threads for passes.
    init(_ registry: PrometheusRegistry, workers: WorkerPool, threads: Int, store: ModelStore) {
        self.registry = registry
        let factory = PrometheusMetricsFactory(registry)
        let requestsTotal = registry.describe("fovea_requests_total", .counter, "Answered requests by route, model and status.")
        requests = HandleCache { answer in
            Counter(
                label: requestsTotal, dimensions: [("route", answer.route), ("model", answer.model), ("status", "\(answer.status)")],
                factory: factory)
        }
        let requestDuration = registry.describe(
            "fovea_request_duration_seconds", .histogram, "From a request's first byte to its answer being handed to the socket.")
        requestSeconds = HandleCache { Timer(label: requestDuration, dimensions: [("route", $0)], factory: factory) }
        let families = ModelMetrics.Families(registry)
        models = HandleCache { ModelMetrics(model: $0, families, factory: factory) }
        let rejectedTotal = registry.describe("fovea_rejected_total", .counter, "Pictures that got no result, by model and reason.")
        rejections = HandleCache { rejection in
            Counter(label: rejectedTotal, dimensions: [("model", rejection.model), ("reason", rejection.reason)], factory: factory)
        }
        let droppedTotal = registry.describe(
            "fovea_clients_dropped_total", .counter, "Pictures whose client left before their answer.")
        dropped = Counter(label: droppedTotal, dimensions: [], factory: factory)

        registry.read("fovea_build_info", .gauge, "The version that runs.") { [MetricSample(1, [("version", FoveaVersion.text)])] }
        workers.register(in: registry, threads: threads)
        store.register(in: registry)
        ProcessMetrics.register(in: registry)
    }

    /// Counts an answered request.
    /// - Parameters:
    ///   - route: its pattern, and never the path itself: those are without number.
    ///   - model: a model that exists.
    func answered(_ record: RequestRecord, route: String?, model: String?) {
        let route = route ?? "other"
        requests[Answer(route: route, model: model ?? "", status: record.status.code)].increment()
        requestSeconds[route].record(duration: record.duration)
    }

    /// Takes in the stages of one picture's way.
    func passed(_ pass: PicturePass, model: String) {
        let metrics = models[model]
        metrics.decode.record(duration: pass.prepared.decode)
        metrics.preprocess.record(duration: pass.prepared.preprocess)
        metrics.queue.record(duration: pass.queue)
        metrics.inference.record(duration: pass.inference)
        // One picture speaks for all that shared the pass.
        if pass.place == 0 { metrics.batchSize.record(pass.batchSize) }
    }

    /// Runs `body`, which writes an answer, and takes in how long it took.
    func encoding<Result>(model: String, _ body: () -> Result) -> Result {
        models[model].encode.measure(body: body)
    }

    /// Counts a picture that got no result.
    /// - Parameter model: the one that would have answered.
    func rejected(_ error: ClassificationError, model: String) {
        rejections[Rejection(model: model, reason: error.reason)].increment()
        if case .abandoned = error { dropped.increment() }
    }

    /// What was recorded, and what the parts of the server tell now, for Prometheus.
    func text() -> String { registry.text() }
}

extension WorkerPool {
    fileprivate func register(in registry: PrometheusRegistry, threads: Int) {
        registry.read("fovea_queue_depth", .gauge, "Pictures that wait or are being prepared.") { Double(self.queued) }
        registry.read("fovea_workers", .gauge, "Threads for passes.") { Double(threads) }
        registry.read("fovea_workers_busy", .gauge, "Workers in a pass.") { Double(self.busyCount) }
        registry.read("fovea_pictures_total", .counter, "Pictures that went through a pass.") { Double(self.statistics.pictures) }
        registry.read("fovea_passes_total", .counter, "Passes.") { Double(self.statistics.passes) }
    }
}

extension ModelStore {
    fileprivate func register(in registry: PrometheusRegistry) {
        registry.read("fovea_model_loads_total", .counter, "Readings of a model's directory, by result.") {
            self.readingCounts.map { reading, count in
                MetricSample(Double(count), [("model", reading.model), ("result", reading.result.rawValue)])
            }
        }
        registry.read("fovea_model_state", .gauge, "1 for the state in which a model's version is, 0 for the others.") {
            self.listing().flatMap { model in
                ModelStatus.State.allCases.map { state in
                    MetricSample(
                        model.state == state ? 1 : 0, [("model", model.name), ("version", model.version), ("state", state.rawValue)])
                }
            }
        }
        registry.read("fovea_model_bytes", .gauge, "Memory that a loaded model's weights take.") {
            self.listing().compactMap { model in
                model.weightBytes.map { MetricSample(Double($0), [("model", model.name), ("version", model.version)]) }
            }
        }
    }
}

extension ClassificationError {
    /// The value of a metric's label.
    fileprivate var reason: String {
        switch self {
        case .badRequest: "bad_request"
        case .unknownModel: "unknown_model"
        case .modelNotReady, .modelUnavailable: "model_not_ready"
        case .unsupportedPicture: "unsupported"
        case .undecodablePicture: "undecodable"
        case .queueFull: "queue_full"
        case .drawingsFull: "drawings_full"
        case .mapsFull: "maps_full"
        case .drawingFailed: "drawing_failed"
        case .deadlinePassed: "deadline"
        case .abandoned: "client_left"
        case .inferenceFailed: "failed"
        case .notFinite: "not_finite"
        }
    }
}
