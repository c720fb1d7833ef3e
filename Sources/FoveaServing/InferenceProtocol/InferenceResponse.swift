import FoveaHTTP
import HTTPTypes

/// The answer to an inference request: JSON, and behind it the tensors that were asked for as bytes.
struct InferenceResponse: Sendable {
    /// An output tensor.
    struct Tensor: Sendable {
        enum Elements: Sendable {
            /// A row for each picture.
            case numbers([[Float]])
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
        var body = json()
        guard outputs.contains(where: \.isBinary) else { return ServerResponse(json: body) }
        let length = body.count
        for output in outputs where output.isBinary { output.appendBytes(to: &body) }
        return ServerResponse(
            status: .ok, fields: [.contentType: "application/octet-stream", .inferenceHeaderContentLength: "\(length)"], body: body)
    }

    /// The JSON, with room for the bytes behind it.
    private func json() -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024 + outputs.reduce(0) { $0 + 160 + $1.room })
        writer.object { writer in
            writer.member("model_name", model)
            writer.member("model_version", version)
            if let id {
                writer.member("id", id)
            }
            writer.array("outputs") { writer in
                for output in outputs { output.write(to: &writer) }
            }
        }
        return writer.bytes
    }
}

extension InferenceResponse.Tensor {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.key("datatype")
            switch elements {
            case .numbers: writer.value("FP32")
            case .texts: writer.value("BYTES")
            }
            writer.member("shape", shape)
            if isBinary {
                writer.object("parameters") { writer in
                    writer.member("binary_data_size", binarySize)
                }
            } else {
                writer.key("data")
                switch elements {
                case .numbers(let rows): writer.value(joining: rows)
                case .texts(let texts): writer.value(texts)
                }
            }
        }
    }

    /// Its size as bytes.
    private var binarySize: Int {
        switch elements {
        case .numbers(let rows): 4 * rows.reduce(0) { $0 + $1.count }
        case .texts(let texts): texts.reduce(0) { $0 + 4 + $1.utf8.count }
        }
    }

    /// About how many bytes it takes as it is sent.
    fileprivate var room: Int {
        if case .numbers = elements, !isBinary { return binarySize / 4 * JSONWriter.numberBytes }
        return binarySize
    }

    /// Little-endian; a text's length in four bytes in front of it.
    fileprivate func appendBytes(to body: inout [UInt8]) {
        switch elements {
        case .numbers(let rows):
            for number in rows.joined() { withUnsafeBytes(of: number.bitPattern.littleEndian) { body.append(contentsOf: $0) } }
        case .texts(let texts):
            for text in texts {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.utf8.count).littleEndian) { body.append(contentsOf: $0) }
                body.append(contentsOf: text.utf8)
            }
        }
    }
}
