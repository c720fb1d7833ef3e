import Foundation
import Testing

@testable import FoveaCheckpoints

enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: file(name))) }

    struct Tensor: Decodable {
        let dtype: String
        let shape: [Int]
        let bits: [UInt32]
    }

    static func expected(_ name: String) throws -> [String: Tensor] {
        let all = try JSONDecoder().decode([String: [String: Tensor]].self, from: Data(contentsOf: file("expected.json")))
        return try #require(all[name])
    }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file
    }
}

/// Expects the checkpoint to be refused within a second, with a message that holds all the words.
func expectRefusal(
    _ bytes: some Sequence<UInt8>, as name: String = "model.safetensors", _ words: String..., location: SourceLocation = #_sourceLocation
) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, as: name)
    try expectRefusal(file, words, location: location)
}

func expectRefusal(_ file: URL, _ words: [String], location: SourceLocation = #_sourceLocation) throws {
    // The processor's time, not the clock's: other tests run beside this one.
    let start = clock()
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) { try Checkpoint(file: file) }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    let message = error?.description ?? ""
    for word in words { #expect(message.contains(word), "\(message)", sourceLocation: location) }
    #expect(!message.contains(file.deletingLastPathComponent().path), "\(message)", sourceLocation: location)
    #expect(seconds < 4, "took \(seconds) s of all the tests' processor time", sourceLocation: location)
}

func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }

func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
}
