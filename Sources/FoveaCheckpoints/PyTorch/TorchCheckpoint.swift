/// What `torch.save` writes: a zip archive of one pickle, `<prefix>/data.pkl`, and one entry per storage, `<prefix>/data/<key>`.
///
/// Source: `torch/serialization.py`, `_save` and `_load`; the prefix is whatever the file was called when it was saved.
struct TorchCheckpoint {
    let tensors: [CheckpointTensor]

    init(_ file: CheckpointFile) throws(CheckpointError) {
        let kind = try FileKind(of: file)
        guard kind == .zip else {
            throw CheckpointError(
                "\(quoted(file.name)) is \(kind.explanation ?? "not a PyTorch checkpoint: it is no zip archive. Download it again.")")
        }
        let archive = try ZipArchive(file)
        let pickles = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw CheckpointError(
                pickles.isEmpty
                    ? "\(quoted(file.name)) is a zip archive but not a PyTorch checkpoint: it holds no data.pkl."
                    : "\(quoted(file.name)) holds \(pickles.count) entries named data.pkl: which one is meant cannot be told. Save it again with torch.save."
            )
        }
        let prefix = pickle.name.dropLast("data.pkl".count)
        if archive.entries.contains(where: { $0.name == "\(prefix)constants.pkl" }) {
            throw CheckpointError(
                "\(quoted(file.name)) is a TorchScript archive, whose code is not run. "
                    + "Save its weights: torch.save(torch.jit.load(path).state_dict(), path).")
        }
        try archive.checkStored(file)
        guard pickle.size <= PickleMachine.maximumSize else {
            throw CheckpointError(
                "\(quoted(file.name)): its pickle has \(pickle.size) bytes; at most \(PickleMachine.maximumSize) are read.")
        }
        var machine = PickleMachine(try file.bytes(at: pickle.offset, count: pickle.size), file: file.name)
        let root = try machine.run()
        var storages: [String: ZipArchive.Entry] = [:]
        let folder = "\(prefix)data/"
        for entry in archive.entries where entry.name.hasPrefix(folder) {
            storages[String(entry.name.dropFirst(folder.count))] = entry
        }
        let reader = TorchTensorReader(
            file: file, nodes: machine.nodes, storages: storages, isBigEndian: try Self.isBigEndian(file, archive, "\(prefix)byteorder"),
            stranger: machine.stranger)
        var tensors: [CheckpointTensor] = []
        for entry in try StateDict(root, reader).entries {
            tensors.append(try reader.tensor(entry.value, named: entry.name))
        }
        self.tensors = tensors
    }

    /// The mark that PyTorch 2.1 and later write; before, files were little-endian.
    private static func isBigEndian(_ file: CheckpointFile, _ archive: ZipArchive, _ name: String) throws(CheckpointError) -> Bool {
        guard let entry = archive.entries.first(where: { $0.name == name }) else { return false }
        let mark = String(decoding: try file.bytes(at: entry.offset, count: min(entry.size, 16)), as: UTF8.self)
        guard mark == "little" || mark == "big" else {
            throw CheckpointError("\(quoted(file.name)) has the byte order \(quoted(mark)); 'little' and 'big' are known.")
        }
        return mark == "big"
    }
}
