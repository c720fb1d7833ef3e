import FoundationEssentials
import FoveaCheckpoints
import FoveaJSON
import FoveaSystem
import FoveaZoo
import Glibc

/// How ``ModelConversion`` stores a model's numbers.
public enum StoredType: String, Sendable, CaseIterable {
    case f32, f16, bf16
    /// As they are stored now where that is one of these, else as float32.
    case keep
}

/// A checkpoint and a configuration made into a model directory.
public struct ModelConversion: Sendable {
    /// What was written.
    public struct Report: Sendable, Hashable {
        /// The network's name.
        public let architecture: String
        /// As PyTorch counts them.
        public let parameters: Int
        /// How many tensors were stored.
        public let tensors: Int
        /// Of `model.safetensors`.
        public let bytes: Int
        /// What became of a network that was made static.
        public let comparison: StaticComparison?
        /// The layers that were made static, by their modules' paths.
        public let staticLayers: [String]
    }

    /// A tensor to be written.
    private struct Content {
        let name: String
        let shape: [Int]
        let type: ScalarType
        let values: @Sendable () throws(CheckpointError) -> [Float]
    }

    private let source: URL
    private let destination: URL
    private let storedType: StoredType

    /// - Parameter source: A file that ``Checkpoint`` reads, or a model directory.
    /// - Parameter destination: A directory that does not exist yet, in one that does.
    public init(source: URL, destination: URL, storedType: StoredType = .keep) {
        self.source = source
        // A trailing slash would name a place inside the directory to come.
        self.destination = URL(filePath: destination.standardizedFileURL.path(percentEncoded: false), directoryHint: .notDirectory)
        self.storedType = storedType
    }

    /// Writes the directory under a temporary name beside its place, loads it strictly, and moves it there.
    ///
    /// - Parameter conversion: Makes dynamic convolutions static on the way.
    /// - Parameter configuration: The bytes of its `config.json`; asked for once the destination is known to be free and the source to be there.
    /// - Throws: `ModelError` or `CheckpointError`; then there is no destination, and nothing beside it.
    public func run(static conversion: StaticConversion? = nil, configuration: () throws -> Data) throws -> Report {
        let files = FileManager.default
        let name = destination.lastPathComponent
        let parent = destination.deletingLastPathComponent()
        guard FileStatus(path(destination), followsLinks: false) == nil else {
            throw ModelError("'\(name)' exists already; name a directory that does not.")
        }
        guard files.fileExists(atPath: path(parent)) else {
            throw ModelError("There is no directory '\(path(parent))' to write '\(name)' in.")
        }
        let checkpoint = try open()
        var bytes = try configuration()

        let part = parent.appending(component: ".\(name).\(ProcessInfo.processInfo.processIdentifier).part")
        do {
            try files.createDirectory(at: part, withIntermediateDirectories: false)
        } catch {
            throw ModelError("'\(name)' cannot be written: \(error)")
        }
        defer { try? files.removeItem(at: part) }
        let weights = part.appending(component: "model.safetensors")
        // The configuration first: a name that is not known need not wait for a gigabyte of weights.
        let parsed = try ModelConfiguration(json: bytes)
        guard Registry.architectures.contains(parsed.architecture) else {
            _ = try Network(configuration: parsed, checkpoint: checkpoint)
            throw ModelError("config.json: architecture \"\(parsed.architecture)\" is not known.")
        }
        var contents = checkpoint.names.compactMap { checkpoint.tensors[$0].map { content(of: $0) } }
        var (dynamic, made): (Network?, StaticNetwork?)
        if let conversion {
            let network = try Network(configuration: parsed, checkpoint: checkpoint)
            let result = try conversion.freeze(network)
            contents = replaced(contents, by: result)
            bytes = try Self.rewritten(bytes, to: result.counterpart)
            (dynamic, made) = (network, result)
        }
        do {
            try bytes.write(to: part.appending(component: "config.json"))
        } catch {
            throw ModelError("'\(name)' cannot be written: \(error)")
        }
        let written = try write(contents, to: weights)
        let network = try Network(directory: part)
        // What was stored is compared, not what was computed: half precision rounds.
        let comparison = try dynamic.flatMap { try conversion?.compare($0, network) }
        let size = FileStatus(path(weights))?.size ?? 0
        // Unlike a move by Foundation, this cannot put the directory into another one that came up meanwhile.
        guard rename(path(part), path(destination)) == 0 else {
            throw ModelError("'\(name)' cannot be put in its place: \(String(cString: strerror(errno))).")
        }
        return Report(
            architecture: network.configuration.architecture, parameters: network.parameters, tensors: written, bytes: size,
            comparison: comparison, staticLayers: made?.changes.scopes ?? [])
    }

    // MARK: -

    private func open() throws(CheckpointError) -> Checkpoint {
        FileStatus(path(source))?.isDirectory == true ? try Checkpoint(directory: source) : try Checkpoint(file: source)
    }

    /// - Returns: how many tensors were written: all but the batch norms' counters, which serve training alone.
    private func write(_ contents: [Content], to file: URL) throws(CheckpointError) -> Int {
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        var count = 0
        for content in contents where !StepCounter.has(content.name) {
            let (name, type) = (content.name, content.type)
            try writer.add(name, shape: content.shape, as: type) { () throws(CheckpointError) in
                let values = try content.values()
                try Self.check(values, name, type)
                return values
            }
            count += 1
        }
        try writer.write(to: file)
        return count
    }

    /// Refuses what would be stored as NaN or infinite: no answer of such a network is a number.
    private static func check(_ values: [Float], _ name: String, _ type: ScalarType) throws(CheckpointError) {
        guard values.allSatisfy(\.isFinite) else {
            let (missing, infinite) = (values.count { $0.isNaN }, values.count { $0.isInfinite })
            throw CheckpointError(
                "Tensor '\(name)' of \(values.count) numbers holds \(missing) NaN and \(infinite) infinite ones (in float32); "
                    + "the training diverged or the file is damaged, take an earlier checkpoint.")
        }
        // Half precision ends at 65504; statistics of a norm can lie beyond it.
        if type == .float16, let value = values.first(where: { !Float16($0).isFinite }) {
            throw CheckpointError("Tensor '\(name)' holds \(value), which is too large for F16; store it as bf16 or f32.")
        }
    }

    private func content(of tensor: CheckpointTensor) -> Content {
        Content(name: tensor.name, shape: tensor.shape, type: scalarType(of: tensor)) { () throws(CheckpointError) in try tensor.floats() }
    }

    /// The dynamic network's tensors with those of the static layers in place of what made their weights.
    private func replaced(_ contents: [Content], by network: StaticNetwork) -> [Content] {
        let types = Dictionary(contents.map { ($0.name, $0.type) }) { first, _ in first }
        let (tensors, scopes) = network.changes
        let names = Set(tensors.map(\.name))
        let kept = contents.filter { content in
            !names.contains(content.name) && !scopes.contains { content.name.hasPrefix($0 + ".") }
        }
        return kept
            + tensors.map { tensor in
                Content(name: tensor.name, shape: tensor.shape, type: types[tensor.like] ?? .float32) { () throws(CheckpointError) in
                    tensor.values
                }
            }
    }

    /// A `config.json` of the plain network, all else as it was.
    private static func rewritten(_ bytes: Data, to counterpart: StaticCounterpart) throws(ModelError) -> Data {
        guard case .object(var members) = try? JSONValue(json: [UInt8](bytes)) else {
            throw ModelError("config.json is not valid JSON.")
        }
        // What the architecture was is worth knowing to who reads the file; the server keeps unknown members and does not use them.
        members["static_of"] = .object(
            ["architecture": members["architecture"], "model_args": members["model_args"]].compactMapValues(\.self))
        members["architecture"] = .string(counterpart.architecture)
        members["model_args"] = .object(counterpart.modelArguments)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(JSONValue.object(members)) else {
            throw ModelError("config.json cannot be written with the plain network's arguments.")
        }
        return data + Data("\n".utf8)
    }

    private func scalarType(of tensor: CheckpointTensor) -> ScalarType {
        switch storedType {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        case .keep: [.float16, .bfloat16].contains(tensor.scalarType) ? tensor.scalarType : .float32
        }
    }

    private func path(_ url: URL) -> String {
        url.path(percentEncoded: false)
    }
}
