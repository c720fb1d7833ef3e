import Foundation
import FoveaCheckpoints
import FoveaZoo

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
    /// - Parameter configuration: The bytes of its `config.json`; asked for once the destination is known to be free.
    /// - Throws: `ModelError` or `CheckpointError`; then there is no destination, and nothing beside it.
    public func run(configuration: () throws -> Data) throws -> Report {
        let files = FileManager.default
        let name = destination.lastPathComponent
        let parent = destination.deletingLastPathComponent()
        guard (try? destination.checkResourceIsReachable()) != true,
            (try? files.destinationOfSymbolicLink(atPath: path(destination))) == nil
        else { throw ModelError("'\(name)' exists already; name a directory that does not.") }
        guard files.fileExists(atPath: path(parent)) else {
            throw ModelError("There is no directory '\(path(parent))' to write '\(name)' in.")
        }
        let bytes = try configuration()
        let checkpoint = try open()

        let part = parent.appending(component: ".\(name).\(ProcessInfo.processInfo.processIdentifier).part")
        do {
            try files.createDirectory(at: part, withIntermediateDirectories: false)
        } catch {
            throw ModelError("'\(name)' cannot be written: \(error.localizedDescription)")
        }
        defer { try? files.removeItem(at: part) }
        let weights = part.appending(component: "model.safetensors")
        // The configuration first: a name that is not known need not wait for a gigabyte of weights.
        let parsed = try ModelConfiguration(json: bytes)
        guard Registry.architectures.contains(parsed.architecture) else {
            _ = try Network(configuration: parsed, checkpoint: checkpoint)
            throw ModelError("config.json: architecture \"\(parsed.architecture)\" is not known.")
        }
        do {
            try bytes.write(to: part.appending(component: "config.json"))
        } catch {
            throw ModelError("'\(name)' cannot be written: \(error.localizedDescription)")
        }
        let written = try write(checkpoint, to: weights)
        let network = try Network(directory: part)
        let size = (try? weights.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        // Unlike a move by Foundation, this cannot put the directory into another one that came up meanwhile.
        guard rename(path(part), path(destination)) == 0 else {
            throw ModelError("'\(name)' cannot be put in its place: \(String(cString: strerror(errno))).")
        }
        return Report(architecture: parsed.architecture, parameters: network.parameters, tensors: written, bytes: size)
    }

    // MARK: -

    private func open() throws(CheckpointError) -> Checkpoint {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path(source), isDirectory: &isDirectory)
        return isDirectory.boolValue ? try Checkpoint(directory: source) : try Checkpoint(file: source)
    }

    /// - Returns: how many tensors were written: all but the batch norms' counters, which serve training alone.
    private func write(_ checkpoint: Checkpoint, to file: URL) throws(CheckpointError) -> Int {
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        var count = 0
        for name in checkpoint.names {
            guard let tensor = checkpoint.tensors[name], !name.hasSuffix("num_batches_tracked") else { continue }
            let type = scalarType(of: tensor)
            try writer.add(name, shape: tensor.shape, as: type) { () throws(CheckpointError) in
                let values = try tensor.floats()
                // Half precision ends at 65504; statistics of a norm can lie beyond it.
                if type == .float16, let value = values.first(where: { $0.isFinite && !Float16($0).isFinite }) {
                    throw CheckpointError("Tensor '\(name)' holds \(value), which is too large for F16; store it as bf16 or f32.")
                }
                return values
            }
            count += 1
        }
        try writer.write(to: file)
        return count
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
