import FoundationEssentials

/// Named tensors read from files; nothing of the files is executed.
///
/// Opening reads and checks the file's directory of tensors, not the tensors: their bytes stay in the file (``CheckpointTensor``). The file
/// stays open, and readable even if it is deleted or renamed, as long as the checkpoint or one of its tensors lives.
public struct Checkpoint: Sendable {
    /// The tensors by their state-dict names.
    public let tensors: [String: CheckpointTensor]
    /// The tensors' names in the file's order.
    public let names: [String]
    /// What the file says of itself: safetensors' `__metadata__`; empty for other formats.
    public let metadata: [String: String]

    /// The weights of a model directory: `model.safetensors` or the files of its `.index.json`, else `pytorch_model.bin` or the files of
    /// its `.index.json`, else the only `*.pth` or `*.pt`. Hidden files are passed over.
    /// - Throws: if there is none, or more than one `*.pth` and `*.pt`, naming them; and whatever ``init(file:)`` throws.
    public init(directory: URL) throws(CheckpointError) {
        try self.init(file: Self.weightsFile(in: directory))
    }

    /// The tensors of one file: safetensors, what `torch.save` writes, or an index of several such files (`*.index.json`).
    ///
    /// The name's ending decides (`.safetensors`, `.index.json`, `.bin`, `.pth`, `.pt`); with any other ending, the first bytes do.
    /// A prefix that training put before every name (`module.`) is taken off.
    /// - Throws: if the file breaks a rule of its format, or is something else than its name says, with the fault and what to do.
    public init(file url: URL) throws(CheckpointError) {
        if url.lastPathComponent.hasSuffix(".index.json") {
            let index = try ShardIndex(url)
            self.init(index.tensors, metadata: index.metadata)
        } else {
            let content = try CheckpointFile(url).content()
            self.init(content.tensors, metadata: content.metadata)
        }
    }

    /// The readers have checked that no name is there twice.
    private init(_ stored: [CheckpointTensor], metadata: [String: String]) {
        let tensors = NamePrefix.strip(stored)
        self.tensors = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
        names = tensors.map(\.name)
        self.metadata = metadata
    }

    private static func weightsFile(in directory: URL) throws(CheckpointError) -> URL {
        let found: [String]
        do {
            // Hidden files are no one's weights: macOS puts "._model.pth" beside "model.pth".
            found = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw CheckpointError("The model directory \(quoted(directory.lastPathComponent)) cannot be read.")
        }
        let preferred = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"]
        if let name = preferred.first(where: found.contains) { return directory.appendingPathComponent(name) }
        let torch = found.filter { $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }
        if let only = torch.first, torch.count == 1 { return directory.appendingPathComponent(only) }
        let folder = quoted(directory.lastPathComponent)
        guard torch.isEmpty else {
            throw CheckpointError(
                "\(folder) holds \(torch.count) PyTorch checkpoints (\(torch.prefix(10).map { quoted($0) }.joined(separator: ", "))): "
                    + "name the one to serve pytorch_model.bin, or remove the others.")
        }
        let endings = [".safetensors", ".bin", ".index.json", ".tar", ".ckpt"]
        let near = found.filter { name in endings.contains { name.hasSuffix($0) } }
        let hint = near.isEmpty ? "" : " There are \(near.prefix(10).map { quoted($0) }.joined(separator: ", ")): rename the one to serve."
        throw CheckpointError(
            "\(folder) holds no weights: no model.safetensors and no pytorch_model.bin, whole or with an index.json, and no *.pth or *.pt.\(hint)"
        )
    }
}
