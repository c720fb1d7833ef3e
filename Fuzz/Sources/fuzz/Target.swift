import Foundation
import FoveaJSON
import FoveaVision
import FoveaZoo

@testable import FoveaCheckpoints
@testable import FoveaHTTP
@testable import FoveaServing

/// What is fuzzed, each a function of bytes that must end, and neither trap nor leak, whatever they are.
enum Target: String, CaseIterable {
    case request, query, multipart, body, json, floats, safetensors, pickle, checkpoint, picture

    /// The function for libFuzzer.
    var test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 {
        switch self {
        case .request: { bytes, count in Target.run(bytes, count, RequestFuzz.run) }
        case .query: { bytes, count in Target.run(bytes, count, QueryFuzz.run) }
        case .multipart: { bytes, count in Target.run(bytes, count, Target.multipart) }
        case .body: { bytes, count in Target.run(bytes, count, Target.body) }
        case .json: { bytes, count in Target.run(bytes, count, Target.json) }
        case .floats: { bytes, count in Target.run(bytes, count, Target.floats) }
        case .safetensors: { bytes, count in Target.run(bytes, count) { Target.file($0, "model.safetensors") } }
        case .pickle: { bytes, count in Target.run(bytes, count, Target.pickle) }
        case .checkpoint: { bytes, count in Target.run(bytes, count) { Target.file($0, "model.pth") } }
        case .picture: { bytes, count in Target.run(bytes, count, Target.picture) }
        }
    }

    private static func run(_ bytes: UnsafePointer<UInt8>?, _ count: Int, _ body: ([UInt8]) -> Void) -> Int32 {
        body(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    }

    private static func multipart(_ bytes: [UInt8]) {
        guard let form = try? Multipart(body: bytes, contentType: "multipart/form-data; boundary=b") else { return }
        for part in form.parts { _ = (part.name, part.text, part.body.count) }
    }

    /// The first byte chooses the media type, the first line is the query.
    private static func body(_ bytes: [UInt8]) {
        let types = ["", "application/json", "multipart/form-data; boundary=b", "image/jpeg"]
        let line = bytes.dropFirst().prefix { $0 != 10 }
        let query = String(decoding: line, as: UTF8.self).filter { $0.isASCII }
        var request = ServerRequest(
            head: .init(method: .post, scheme: nil, authority: "a", path: "/classify?\(query)"),
            body: Array(bytes.dropFirst(2 + line.count)), id: "1")
        request.head.headerFields[.contentType] = types[Int(bytes.first ?? 0) % types.count]
        _ = try? ClassifyBody(request)
    }

    /// By the reader of requests, which has bounds, and by that of `config.json`.
    private static func json(_ bytes: [UInt8]) {
        _ = try? ClassifyJSON(bytes, maxPictures: 256)
        _ = try? JSONValue(json: bytes)
    }

    /// Every four bytes are a float, alone and in a list: written as the standard library describes it, which reads back.
    private static func floats(_ bytes: [UInt8]) {
        var numbers: [Float] = []
        for start in stride(from: 0, to: bytes.count & ~3, by: 4) {
            numbers.append(Float(bitPattern: bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }))
        }
        let texts = numbers.map { $0.isFinite ? $0.description : "null" }
        var list: [UInt8] = []
        FloatText.append(numbers, to: &list)
        precondition(String(decoding: list, as: UTF8.self) == texts.joined(separator: ","), "\(numbers)")
        for (number, text) in zip(numbers, texts) {
            var alone: [UInt8] = []
            FloatText.append(number, to: &alone)
            precondition(String(decoding: alone, as: UTF8.self) == text, "\(number.bitPattern)")
        }
    }

    private static func pickle(_ bytes: [UInt8]) {
        var machine = PickleMachine(bytes, file: "fuzz")
        _ = try? machine.run()
    }

    private static func picture(_ bytes: [UInt8]) {
        // Small enough that no picture costs more than milliseconds.
        let decoder = PictureDecoder(maxPixels: 250_000)
        _ = PictureDecoder.announcedPixels(bytes)
        _ = decoder.peakBytes(bytes)
        _ = try? decoder.decode(bytes)
    }

    /// In memory, by the system's own file system for it: the readers take files alone.
    private static func file(_ bytes: [UInt8], _ name: String) {
        let url = URL(filePath: "/dev/shm/fuzz-\(getpid())-\(name)")
        guard (try? Data(bytes).write(to: url)) != nil, let checkpoint = try? Checkpoint(file: url) else { return }
        for tensor in checkpoint.tensors.values
        where tensor.shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) < 1 << 20 {
            _ = try? tensor.floats()
        }
    }
}
