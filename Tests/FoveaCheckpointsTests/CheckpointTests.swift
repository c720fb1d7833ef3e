import Foundation
import Testing

@testable import FoveaCheckpoints

/// Files written by PyTorch and by the reference safetensors library give exactly their values.
struct CheckpointTests {
    @Test(arguments: [
        "types.safetensors", "unsigned.safetensors", "writer.safetensors", "types.pth", "protocol4.pt", "unsigned.pt", "views.pth",
        "negated.pth", "big_endian.pth",
        "module.pth", "parameters.pth", "training.pth", "ema.pth", "nested.pth", "parallel.safetensors",
        "objects.pth", "objects_protocol4.pth",
    ])
    func givesTheValuesThatPythonSaved(name: String) throws {
        try expectValues(Checkpoint(file: Fixtures.file(name)), name)
    }

    @Test(arguments: ["sharded", "sharded-torch"]) func readsShards(name: String) throws {
        try expectValues(Checkpoint(directory: Fixtures.file(name)), name)
    }

    private func expectValues(_ checkpoint: Checkpoint, _ name: String) throws {
        let expected = try Fixtures.expected(name)
        #expect(Set(checkpoint.tensors.keys) == Set(expected.keys))
        #expect(Set(checkpoint.names) == Set(expected.keys))
        #expect(checkpoint.names.count == expected.count)
        for (key, wanted) in expected {
            let tensor = try #require(checkpoint.tensors[key])
            #expect(tensor.name == key)
            #expect(tensor.shape == wanted.shape)
            #expect(tensor.scalarType.rawValue == wanted.dtype)
            #expect(try tensor.floats().map(\.bitPattern) == wanted.bits, "\(key)")
        }
    }

    @Test func keepsTheFilesOrder() throws {
        let checkpoint = try Checkpoint(file: Fixtures.file("module.pth"))
        #expect(checkpoint.names == ["0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"])
    }

    @Test func readsMetadata() throws {
        #expect(try Checkpoint(file: Fixtures.file("types.safetensors")).metadata == ["format": "pt"])
    }

    @Test func picksTheWeightsOfADirectory() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder.url) }
        // As macOS leaves them on foreign file systems.
        try folder.write([0, 5, 0x16, 7], as: "._first.pth")
        #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder.url) }
        let first = try folder.write(Fixtures.bytes("views.pth"), as: "first.pth")
        #expect(try Checkpoint(directory: folder.url).tensors["tail"] != nil)
        try folder.write(Fixtures.bytes("views.pth"), as: "second.pt")
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder.url) }
        #expect(error?.description.contains("'first.pth', 'second.pt'") == true)
        try folder.write(#"{"weight_map":{"0.weight":"second.pt"}}"#.utf8, as: "pytorch_model.bin.index.json")
        let indexed = #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder.url) }
        #expect(indexed?.description.contains("'pytorch_model.bin.index.json' does not list") == true)
        try folder.write(Fixtures.bytes("module.pth"), as: "pytorch_model.bin")
        #expect(try Checkpoint(directory: folder.url).tensors["0.weight"] != nil)
        try folder.write(Fixtures.bytes("writer.safetensors"), as: "model.safetensors")
        #expect(try Checkpoint(directory: folder.url).tensors["b.weight"] != nil)
        #expect(try Checkpoint(file: folder.write(Fixtures.bytes("views.pth"), as: "old.pth.tar")).tensors["tail"] != nil)
        #expect(throws: CheckpointError.self) { try Checkpoint(directory: first) }
        #expect(throws: CheckpointError.self) { try Checkpoint(file: folder.url) }
    }

    @Test func hintsAtWeightsUnderOtherNames() throws {
        let folder = try TemporaryFolder()
        try folder.write(Fixtures.bytes("writer.safetensors"), as: "weights.safetensors")
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(directory: folder.url) }
        #expect(error?.description.contains("'weights.safetensors'") == true)
    }

    @Test func aFileThatShrinksIsAnErrorAndNoCrash() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Fixtures.bytes("types.safetensors"), as: "model.safetensors")
        let checkpoint = try Checkpoint(file: file)
        try FileHandle(forWritingTo: file).truncate(atOffset: 16)
        for (_, tensor) in checkpoint.tensors where tensor.count > 0 {
            #expect(throws: CheckpointError.self) { try tensor.floats() }
        }
    }

    @Test func aFileThatIsWrittenToIsAnError() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Fixtures.bytes("types.safetensors"), as: "model.safetensors")
        let tensor = try #require(try Checkpoint(file: file).tensors["f32.weight"])
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file.path)
        let error = #expect(throws: CheckpointError.self) { try tensor.floats() }
        #expect(error?.description.contains("written to") == true)
    }

    @Test func aReplacedOrDeletedFileIsStillRead() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Fixtures.bytes("types.safetensors"), as: "model.safetensors")
        let tensor = try #require(try Checkpoint(file: file).tensors["f32.weight"])
        try FileManager.default.removeItem(at: file)
        #expect(try tensor.floats().map(\.bitPattern) == Fixtures.expected("types.safetensors")["f32.weight"]?.bits)
    }

    @Test func aPipeIsNotWaitedFor() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.url.appendingPathComponent("model.safetensors")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        try expectRefusal(pipe, ["not a regular file"])
    }
}
