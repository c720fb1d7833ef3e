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

    /// Reads a request's body.
    ///
    /// Without `Inference-Header-Content-Length` all of it is JSON. With the value 0 it is one picture and nothing else: the binary extension's
    /// raw request, whose outputs are sent as bytes.
    init(_ request: ServerRequest) throws(ClassificationError) {
        if let coding = request.head.headerFields[.contentEncoding], coding.lowercased() != "identity" {
            throw .badRequest("The body is encoded as '\(coding.abbreviated)'; send it unencoded.")
        }
        guard let text = request.head.headerFields[.inferenceHeaderContentLength] else {
            var reader = InferenceRequestReader(request.body, headerLength: nil)
            self = try reader.request()
            return
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(text), length <= request.body.count
        else {
            throw .badRequest(
                "Inference-Header-Content-Length is '\(text.abbreviated)'; expected the bytes of JSON, at most \(request.body.count).")
        }
        if length == 0 {
            isBinary = true
            inputs = [Input(name: "image", datatype: "BYTES", shape: [1], payload: .bytes(Self.element(request.body)))]
        } else {
            var reader = InferenceRequestReader(request.body, headerLength: length)
            self = try reader.request()
        }
    }

    /// A BYTES element: its length in four bytes, then itself.
    private static func element(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        (withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).littleEndian) { Array($0) } + bytes)[...]
    }
}

extension HTTPField.Name {
    /// The length of the JSON in front of the tensors that are sent as bytes.
    static let inferenceHeaderContentLength = {
        guard let name = HTTPField.Name("Inference-Header-Content-Length") else { preconditionFailure("the name is a token") }
        return name
    }()
}
