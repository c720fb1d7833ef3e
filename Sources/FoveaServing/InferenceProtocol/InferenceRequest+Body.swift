import FoveaHTTP
import FoveaSystem
import HTTPTypes

extension InferenceRequest {
    /// Reads a request's body.
    ///
    /// Without `Inference-Header-Content-Length` all of it is JSON. With the value 0 it is one picture and nothing else: the binary extension's
    /// raw request, whose outputs are sent as bytes.
    init(_ request: ServerRequest) throws(ClassificationError) {
        guard let text = request.head.headerFields[.inferenceHeaderContentLength] else {
            var reader = InferenceRequestReader(request.body, headerLength: nil)
            self = try reader.request()
            return
        }
        guard let length = Int(digits: text.utf8), length <= request.body.count else {
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
