import Foundation
import Testing

@testable import FoveaCheckpoints

struct SafetensorsIndexTests {
    private func refuse(_ index: String, _ words: String..., location: SourceLocation = #_sourceLocation) throws {
        let folder = try TemporaryFolder()
        let shard = safetensors(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1)
        try folder.write(shard, as: "one.safetensors")
        try folder.write(shard, as: "two.safetensors")
        let file = try folder.write(index.utf8, as: "model.safetensors.index.json")
        try expectRefusal(file, words, location: location)
    }

    @Test func refusesAnIndexThatContradictsItsFiles() throws {
        try refuse(#"{"weight_map":{"a":"one.safetensors","b":"one.safetensors"}}"#, "'b'", "'one.safetensors'")
        try refuse(#"{"weight_map":{"b":"one.safetensors"}}"#, "'a'", "does not list")
        try refuse(#"{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}"#, "'a'", "places in 'one.safetensors'")
        try refuse(#"{"weight_map":{"a":"three.safetensors"}}"#, "'three.safetensors'", "cannot be opened")
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
