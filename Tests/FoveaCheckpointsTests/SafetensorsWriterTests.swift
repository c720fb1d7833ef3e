import Foundation
import Testing

@testable import FoveaCheckpoints

struct SafetensorsWriterTests {
    private func fixtureWriter() throws -> SafetensorsWriter {
        let source = try Checkpoint(file: Fixtures.file("writer.safetensors"))
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        for name in source.names.sorted() {
            guard let tensor = source.tensors[name] else { continue }
            try writer.add(name, shape: tensor.shape, as: tensor.scalarType) { () throws(CheckpointError) in try tensor.floats() }
        }
        return writer
    }

    @Test func writesTheReferencesBytes() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("out.safetensors")
        try fixtureWriter().write(to: file)
        #expect(try [UInt8](Data(contentsOf: file)) == Fixtures.bytes("writer.safetensors"))
    }

    @Test func roundsAndEscapesAndReadsBack() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("out.safetensors")
        var writer = SafetensorsWriter(metadata: ["b": "\"\\\n\u{1}é", "a": ""])
        try writer.add("half", shape: [2], as: .float16, values: [0.1, 1e6])
        try writer.add("brain \"\\\t", shape: [1, 2], as: .bfloat16, values: [0.1, -3])
        try writer.add("scalar", shape: [], values: [7])
        try writer.write(to: file)
        let checkpoint = try Checkpoint(file: file)
        #expect(checkpoint.names == ["scalar", "brain \"\\\t", "half"])
        #expect(checkpoint.metadata == ["b": "\"\\\n\u{1}é", "a": ""])
        #expect(try checkpoint.tensors["half"]?.floats() == [Float(Float16(0.1)), .infinity])
        #expect(try checkpoint.tensors["brain \"\\\t"]?.floats() == [0.10009765625, -3])
        #expect(try checkpoint.tensors["scalar"]?.floats() == [7])
    }

    @Test func refusesWhatItCannotWrite() throws {
        var writer = SafetensorsWriter()
        try writer.add("a", shape: [2], values: [1, 2])
        #expect(throws: CheckpointError.self) { try writer.add("a", shape: [2], values: [1, 2]) }
        #expect(throws: CheckpointError.self) { try writer.add("__metadata__", shape: [], values: [1]) }
        #expect(throws: CheckpointError.self) { try writer.add("b", shape: [1], as: .int64, values: [1]) }
        #expect(throws: CheckpointError.self) { try writer.add("c", shape: [-1], values: []) }
        #expect(throws: CheckpointError.self) { try writer.add("d", shape: [Int.max, 2], values: []) }
    }

    @Test func leavesTheOldFileWhenATensorFails() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([1, 2, 3], as: "out.safetensors")
        var writer = SafetensorsWriter()
        try writer.add("a", shape: [2], values: [1])
        let error = #expect(throws: CheckpointError.self) { try writer.write(to: file) }
        #expect(error?.description.contains("'a'") == true)
        #expect(try [UInt8](Data(contentsOf: file)) == [1, 2, 3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["out.safetensors"])
        #expect(throws: CheckpointError.self) { try writer.write(to: folder.url.appendingPathComponent("no/out.safetensors")) }
    }
}
