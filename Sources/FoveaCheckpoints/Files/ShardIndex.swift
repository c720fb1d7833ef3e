import FoundationEssentials

/// A checkpoint spread over several files, as `model.safetensors.index.json` or `pytorch_model.bin.index.json` lists them (the Hugging Face
/// hub's layout).
///
/// `weight_map` gives each tensor's file; the index and the files must tell the same.
struct ShardIndex {
    static let maximumShards = 1_000

    let tensors: [CheckpointTensor]
    let metadata: [String: String]

    init(_ url: URL) throws(CheckpointError) {
        let index = try CheckpointFile(url)
        let kind = try FileKind(of: index)
        if kind != .json, let explanation = kind.explanation {
            throw CheckpointError("\(quoted(index.name)) is \(explanation)")
        }
        guard index.size <= SafetensorsFile.maximumHeader else {
            throw CheckpointError("\(quoted(index.name)) has \(index.size) bytes; an index has at most \(SafetensorsFile.maximumHeader).")
        }
        let (shards, shardOfTensor) = try Self.read(index)
        var tensors: [CheckpointTensor] = []
        var metadata: [String: String] = [:]
        var found: Set<String> = []
        for shard in shards {
            let content = try CheckpointFile(url.deletingLastPathComponent().appendingPathComponent(shard)).content()
            for tensor in content.tensors {
                guard let place = shardOfTensor[tensor.name] else {
                    throw CheckpointError(
                        "\(quoted(shard)) holds the tensor \(quoted(tensor.name)), which \(quoted(index.name)) does not list.")
                }
                guard place == shard else {
                    throw CheckpointError(
                        "\(quoted(shard)) holds the tensor \(quoted(tensor.name)), which \(quoted(index.name)) places in \(quoted(place)).")
                }
                found.insert(tensor.name)
            }
            tensors += content.tensors
            metadata.merge(content.metadata) { first, _ in first }
        }
        let missing = shardOfTensor.keys.filter { !found.contains($0) }.sorted()
        if let first = missing.first {
            throw CheckpointError(
                "\(quoted(index.name)) lists \(missing.count) tensors that their files do not hold, the first being \(quoted(first)) "
                    + "in \(quoted(shardOfTensor[first] ?? "")). Download the index and the files again, from one revision.")
        }
        self.tensors = tensors
        self.metadata = metadata
    }

    private static func read(_ index: CheckpointFile) throws(CheckpointError) -> (shards: [String], shardOfTensor: [String: String]) {
        var reader = JSONReader(index, 0..<index.size)
        var shards: [String] = []
        var known: Set<String> = []
        var shardOfTensor: [String: String] = [:]
        var hasMap = false
        try reader.beginObject("the index")
        while let key = try reader.nextKey() {
            guard key == "weight_map" else {
                try reader.skipValue()
                continue
            }
            guard !hasMap else { throw reader.fault("the key 'weight_map' stands there twice") }
            hasMap = true
            try reader.beginObject("'weight_map'")
            while let name = try reader.nextKey() {
                let shard = try reader.readString("the file of tensor \(quoted(name))")
                // A name, not a path: an index must not reach files outside its own folder.
                guard !shard.isEmpty, !shard.hasPrefix("."), !shard.utf8.contains(where: { $0 == 0x2F || $0 == 0x5C || $0 < 0x20 }) else {
                    throw reader.fault(
                        "tensor \(quoted(name)) is placed in \(quoted(shard)), which is not the plain name of a file beside the index")
                }
                guard shardOfTensor.updateValue(shard, forKey: name) == nil else {
                    throw reader.fault("the key \(quoted(name)) stands twice in 'weight_map'")
                }
                guard shardOfTensor.count <= SafetensorsFile.maximumTensors else {
                    throw reader.fault("it lists more than \(SafetensorsFile.maximumTensors) tensors")
                }
                if known.insert(shard).inserted { shards.append(shard) }
                guard shards.count <= maximumShards else { throw reader.fault("it lists more than \(maximumShards) files") }
            }
        }
        try reader.finish()
        guard hasMap, !shards.isEmpty else { throw CheckpointError("\(quoted(index.name)) has no 'weight_map' that names files.") }
        return (shards, shardOfTensor)
    }
}
