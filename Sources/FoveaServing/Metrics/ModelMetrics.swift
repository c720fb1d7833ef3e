import FoveaMetrics
import Metrics

/// What is recorded of one model's pictures.
struct ModelMetrics: Sendable {
    /// The families of all models.
    struct Families: Sendable {
        let decode, preprocess, queue, inference, encode, batchSize: String

        init(_ registry: PrometheusRegistry) {
            decode = registry.describe("fovea_decode_duration_seconds", .histogram, "Decoding a picture.")
            preprocess = registry.describe("fovea_preprocess_duration_seconds", .histogram, "Resizing and normalising a picture.")
            queue = registry.describe("fovea_queue_duration_seconds", .histogram, "A picture's wait for its pass.")
            inference = registry.describe("fovea_inference_duration_seconds", .histogram, "The pass that a picture shared.")
            encode = registry.describe("fovea_encode_duration_seconds", .histogram, "Writing an answer's body.")
            // Powers of two up to the largest batch that is likely.
            batchSize = registry.describe("fovea_batch_size", .histogram, "Pictures in a pass.", bounds: [1, 2, 4, 8, 16, 32, 64])
        }
    }

    let decode, preprocess, queue, inference, encode: Timer
    let batchSize: Recorder

    init(model: String, _ families: Families, factory: any MetricsFactory) {
        let labels = [("model", model)]
        decode = Timer(label: families.decode, dimensions: labels, factory: factory)
        preprocess = Timer(label: families.preprocess, dimensions: labels, factory: factory)
        queue = Timer(label: families.queue, dimensions: labels, factory: factory)
        inference = Timer(label: families.inference, dimensions: labels, factory: factory)
        encode = Timer(label: families.encode, dimensions: labels, factory: factory)
        batchSize = Recorder(label: families.batchSize, dimensions: labels, aggregate: true, factory: factory)
    }
}
