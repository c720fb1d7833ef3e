import FoveaHTTP
import HTTPTypes

/// Everything that the server counts and times. What can be read when it is asked for is not kept here a second time.
final class ServingMetrics: Sendable {
    private let requests = CounterFamily(
        "fovea_requests_total", "Answered requests by route, model and status.", labels: ["route", "model", "status"])
    private let requestSeconds = HistogramFamily(
        "fovea_request_duration_seconds", "From a request's first byte to its answer being handed to the socket.", label: "route")
    private let decodeSeconds = HistogramFamily("fovea_decode_duration_seconds", "Decoding a picture.", label: "model")
    private let preprocessSeconds = HistogramFamily(
        "fovea_preprocess_duration_seconds", "Resizing and normalising a picture.", label: "model")
    private let queueSeconds = HistogramFamily("fovea_queue_duration_seconds", "A picture's wait for its pass.", label: "model")
    private let inferenceSeconds = HistogramFamily("fovea_inference_duration_seconds", "The pass that a picture shared.", label: "model")
    private let encodeSeconds = HistogramFamily("fovea_encode_duration_seconds", "Writing an answer's body.", label: "model")
    private let batchSizes = HistogramFamily("fovea_batch_size", "Pictures in a pass.", label: "model", bounds: HistogramFamily.sizes)
    private let rejections = CounterFamily("fovea_rejected_total", "Pictures that got no answer, by reason.", labels: ["reason"])

    /// Counts an answered request.
    /// - Parameters:
    ///   - route: its pattern, and never the path itself: those are without number.
    ///   - model: a model that exists.
    func answered(_ record: RequestRecord, route: String?, model: String?) {
        let route = route ?? "other"
        requests.increment(route, model ?? "", "\(record.status.code)")
        requestSeconds.observe(record.duration, route)
    }

    /// Takes in the stages of one picture's way.
    func passed(_ prepared: PreparedInput, _ pass: Pass, model: String) {
        decodeSeconds.observe(prepared.decode, model)
        preprocessSeconds.observe(prepared.preprocess, model)
        queueSeconds.observe(pass.queue, model)
        inferenceSeconds.observe(pass.inference, model)
        // One picture speaks for all that shared the pass.
        if pass.place == 0 { batchSizes.observe(Double(pass.batchSize), model) }
    }

    /// Runs `body`, which writes an answer, and takes in how long it took.
    func encoding<Result>(model: String, _ body: () -> Result) -> Result {
        encodeSeconds.time(model, body)
    }

    /// Counts a picture that got no answer.
    func rejected(_ error: ClassificationError) {
        rejections.increment(error.reason)
    }

    /// What was counted, and what the service tells now.
    func text(_ service: ClassificationService) -> String {
        var text = MetricsText()
        text.family("fovea_build_info", .gauge, "The version that runs.")
        text.sample(1, [("version", FoveaVersion.text)])
        requests.write(to: &text)
        for family in [
            requestSeconds, decodeSeconds, preprocessSeconds, queueSeconds, inferenceSeconds, encodeSeconds, batchSizes,
        ] { family.write(to: &text) }
        rejections.write(to: &text)
        write(service.workers, threads: service.options.threads, to: &text)
        write(service.store, to: &text)
        ProcessMetrics.write(to: &text)
        return text.text
    }

    private func write(_ workers: WorkerPool, threads: Int, to text: inout MetricsText) {
        let counts = workers.statistics
        text.single("fovea_queue_depth", .gauge, "Pictures that wait or are being prepared.", Double(workers.queued))
        text.single("fovea_workers", .gauge, "Threads for passes.", Double(threads))
        text.single("fovea_workers_busy", .gauge, "Workers in a pass.", Double(workers.busyCount))
        text.single("fovea_pictures_total", .counter, "Pictures that went through a pass.", Double(counts.pictures))
        text.single("fovea_passes_total", .counter, "Passes.", Double(counts.passes))
        text.single("fovea_clients_dropped_total", .counter, "Pictures whose client left before their pass.", Double(counts.abandoned))
    }

    private func write(_ store: ModelStore, to text: inout MetricsText) {
        let models = store.listing()
        text.family("fovea_model_loads_total", .counter, "Readings of a model's directory, by result.")
        let readings = store.readingCounts.map { (model: $0.key.model, result: $0.key.result.rawValue, count: $0.value) }
        for reading in readings.sorted(by: { ($0.model, $0.result) < ($1.model, $1.result) }) {
            text.sample(Double(reading.count), [("model", reading.model), ("result", reading.result)])
        }
        text.family("fovea_model_state", .gauge, "1 for the state in which a model's version is, 0 for the others.")
        for model in models {
            for state in ModelStatus.State.allCases {
                text.sample(
                    model.state == state ? 1 : 0, [("model", model.name), ("version", model.version), ("state", state.rawValue)])
            }
        }
        text.family("fovea_model_bytes", .gauge, "Memory that a loaded model's weights take.")
        for model in models {
            guard let bytes = model.weightBytes else { continue }
            text.sample(Double(bytes), [("model", model.name), ("version", model.version)])
        }
    }
}

extension ClassificationError {
    /// The value of a metric's label.
    fileprivate var reason: String {
        switch self {
        case .badRequest: "bad_request"
        case .unknownModel: "unknown_model"
        case .modelNotReady: "model_not_ready"
        case .unsupportedPicture: "unsupported"
        case .undecodablePicture: "undecodable"
        case .queueFull: "queue_full"
        case .drawingsFull: "drawings_full"
        case .deadlinePassed: "deadline"
        case .abandoned: "client_left"
        case .inferenceFailed: "failed"
        }
    }
}
