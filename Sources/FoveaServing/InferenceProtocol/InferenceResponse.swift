import FoveaHTTP
import HTTPTypes

/// The answer to an inference request: JSON, and behind it the tensors that were asked for as bytes.
struct InferenceResponse: Sendable {
    /// An output tensor.
    struct Tensor: Sendable {
        enum Elements: Sendable {
            case numbers([Float])
            case texts([String])
        }

        var name: String
        var shape: [Int]
        var isBinary: Bool
        var elements: Elements
    }

    var model: String
    var version: String
    /// The request's.
    var id: String?
    var outputs: [Tensor]

    /// The HTTP message. As soon as one tensor is sent as bytes, `Inference-Header-Content-Length` tells where they begin.
    func message() -> ServerResponse {
        var tail: [UInt8] = []
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.object { writer in
            writer.member("model_name", model)
            writer.member("model_version", version)
            if let id {
                writer.member("id", id)
            }
            writer.array("outputs") { writer in
                for output in outputs { output.write(to: &writer, tail: &tail) }
            }
        }
        guard outputs.contains(where: \.isBinary) else { return ServerResponse(json: writer.bytes) }
        return ServerResponse(
            status: .ok, fields: [.contentType: "application/octet-stream", .inferenceHeaderContentLength: "\(writer.bytes.count)"],
            body: writer.bytes + tail)
    }
}

extension InferenceResponse.Tensor {
    fileprivate func write(to writer: inout JSONWriter, tail: inout [UInt8]) {
        writer.object { writer in
            writer.member("name", name)
            writer.key("datatype")
            switch elements {
            case .numbers: writer.value("FP32")
            case .texts: writer.value("BYTES")
            }
            writer.member("shape", shape)
            if isBinary {
                let start = tail.count
                appendBytes(to: &tail)
                writer.object("parameters") { writer in
                    writer.member("binary_data_size", tail.count - start)
                }
            } else {
                writer.key("data")
                switch elements {
                case .numbers(let numbers): writer.value(numbers)
                case .texts(let texts): writer.value(texts)
                }
            }
        }
    }

    /// Little-endian; a text's length in four bytes in front of it.
    private func appendBytes(to tail: inout [UInt8]) {
        switch elements {
        case .numbers(let numbers):
            tail.reserveCapacity(tail.count + 4 * numbers.count)
            for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { tail.append(contentsOf: $0) } }
        case .texts(let texts):
            for text in texts {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.utf8.count).littleEndian) { tail.append(contentsOf: $0) }
                tail.append(contentsOf: text.utf8)
            }
        }
    }
}
