import Foundation
import Testing

@testable import FoveaCheckpoints

struct ShardIndexTests {
    /// Of both formats: a tensor `a` in each of two files. `index` is written for safetensors.
    private func refuse(_ index: String, _ words: String..., location: SourceLocation = #_sourceLocation) throws {
        let folder = try TemporaryFolder()
        let shard = safetensors(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1)
        let tensor = Pickle.tensor(Pickle.storage("ByteStorage", count: 1), [1], [1])
        let torch = ZipBuilder(pickle: Pickle.file(Pickle.dictionary(("a", tensor))), storages: ["0": [0]]).bytes
        for name in ["one", "two"] {
            try folder.write(shard, as: name + ".safetensors")
            try folder.write(torch, as: name + ".bin")
        }
        try expectRefusal(folder.write(index.utf8, as: "model.safetensors.index.json"), words, location: location)
        let torchIndex = index.replacingOccurrences(of: ".safetensors", with: ".bin")
        let torchWords = words.map { $0.replacingOccurrences(of: ".safetensors", with: ".bin") }
        try expectRefusal(folder.write(torchIndex.utf8, as: "pytorch_model.bin.index.json"), torchWords, location: location)
    }

    @Test func refusesAnIndexThatContradictsItsFiles() throws {
        try refuse(#"{"weight_map":{"a":"one.safetensors","b":"one.safetensors"}}"#, "'b'", "'one.safetensors'")
        try refuse(#"{"weight_map":{"b":"one.safetensors"}}"#, "'a'", "does not list")
        try refuse(#"{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}"#, "'a'", "places in 'one.safetensors'")
        try refuse(#"{"weight_map":{"a":"three.safetensors"}}"#, "'three.safetensors'", "cannot be opened")
    }

    /// A shard that is an index itself is no shard: nothing is followed.
    @Test func followsNoFurtherIndex() throws {
        let folder = try TemporaryFolder()
        let index = #"{"weight_map":{"a":"pytorch_model.bin.index.json"}}"#
        try expectRefusal(folder.write(index.utf8, as: "pytorch_model.bin.index.json"), ["JSON text, not weights"])
    }

    @Test func refusesMalformedIndexes() throws {
        try refuse(#"{"weight_map":{}}"#, "weight_map")
        try refuse("{}", "weight_map")
        try refuse("[]", "malformed")
        try refuse("", "empty")
        try refuse(#"{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}"#, "'a'", "twice")
        try refuse(#"{"weight_map":{"a":1}}"#, "'a'")
    }

    @Test(arguments: ["../one.safetensors", "/etc/passwd", "sub/one.safetensors", "..", "", "a\\\\b", ".hidden"])
    func neverLeavesItsFolder(name: String) throws {
        try refuse(#"{"weight_map":{"a":"\#(name)"}}"#, "plain name")
    }
}
