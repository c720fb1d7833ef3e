import FoveaHTTP
import HTTPTypes

/// The body of a `POST /v2/models/{model}/infer`: JSON, and behind it the tensors that came as bytes.
struct InferenceRequest: Sendable {
    /// An input tensor as it was sent.
    struct Input: Sendable {
        enum Payload: Sendable {
            case numbers([Float])
            case texts([String])
            /// Little-endian, without strides.
            case bytes(ArraySlice<UInt8>)
        }

        var name: String
        var datatype: String
        var shape: [Int]
        var payload: Payload
    }

    /// An output tensor as it was asked for.
    struct Output: Sendable {
        var name: String
        /// Whether it is sent as bytes; where it is `nil` the request's `binary_data_output` decides.
        var isBinary: Bool?
        /// How many of the best classes are told in its place.
        var classification: Int?
        /// The class whose activation map is asked for; the best one where it is `nil`.
        var classIndex: Int?
    }

    /// Echoed in the answer.
    var id: String?
    var inputs: [Input] = []
    /// In the order asked for; empty asks for the default ones.
    var outputs: [Output] = []
    /// Whether outputs that do not say otherwise are sent as bytes.
    var isBinary = false

    /// The most input or output tensors; the protocol names no bound.
    static let maxTensors = 4096

    init() {}
}

extension HTTPField.Name {
    /// The length of the JSON in front of the tensors that are sent as bytes.
    static let inferenceHeaderContentLength = known("Inference-Header-Content-Length")
}
