/// What a file's first bytes say it is, whatever its name says.
enum FileKind {
    case empty, gitLFSPointer, webPage, json, safetensors, zip, legacyTorch, pickle, tar, gzip, hdf5, unknown

    init(of file: CheckpointFile) throws(CheckpointError) {
        let head = try file.bytes(at: 0, count: min(file.size, 512))
        self = Self.sniff(head)
    }

    static func sniff(_ head: [UInt8]) -> FileKind {
        if head.isEmpty { return .empty }
        if head.starts(with: "version https://git-lfs".utf8) || head.starts(with: "version https://hawser".utf8) { return .gitLFSPointer }
        // Before the marks of two and four bytes: the length of the header, with which the file begins, may be any number.
        if head.count > 8, head[8] == UInt8(ascii: "{"), head[4..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
        // torch.save before 1.6: the magic number 0x1950a86a20f9469cfc6c as a pickle of its own, then version, platform, data.
        if head.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]) { return .legacyTorch }
        if head.starts(with: [0x1F, 0x8B]) { return .gzip }
        if head.starts(with: [0x89, 0x48, 0x44, 0x46]) { return .hdf5 }
        if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) { return .tar }
        if head.count > 1, head[0] == 0x80, (1...5).contains(head[1]) { return .pickle }
        let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
        let text = head.drop { blank.contains($0) }
        let start = String(decoding: text.prefix(16), as: UTF8.self).lowercased()
        if ["<!doctype", "<html", "<head", "<?xml", "<!--"].contains(where: { start.hasPrefix($0) }) { return .webPage }
        if start.hasPrefix("{") || start.hasPrefix("[") { return .json }
        return .unknown
    }

    /// What the file is and what to do about it, where that is known to be something else than weights of the wanted kind.
    /// The text continues "'model.safetensors' is …".
    var explanation: String? {
        switch self {
        case .empty:
            "empty: it was created but never written. Copy or download it again."
        case .gitLFSPointer:
            "a git-lfs pointer, not the weights themselves. Run `git lfs pull` in the folder it was cloned to, or download the file itself."
        case .webPage:
            "a web page, not weights: the download fetched a page about the file. "
                + "Download the file itself (on the Hugging Face hub the link with /resolve/, not /blob/)."
        case .json:
            "JSON text, not weights: perhaps the error message of a download. Download the file again."
        case .zip:
            "a zip archive, as torch.save writes it, not safetensors. "
                + "Name it pytorch_model.bin to have it read as a PyTorch checkpoint, or convert it with `fovea convert`."
        case .safetensors:
            "a safetensors file, not a PyTorch checkpoint. Name it model.safetensors."
        case .legacyTorch:
            "a PyTorch checkpoint of the old form (before 1.6, or _use_new_zipfile_serialization=False), which is not read. "
                + "Load it in a current PyTorch and save it again: "
                + "torch.save(torch.load(path, weights_only=True), path, _use_new_zipfile_serialization=True)."
        case .pickle:
            "a bare Python pickle, which is not read. Save the weights with safetensors.torch.save_file or a current torch.save."
        case .tar:
            "a tar archive, which is not read. Unpack it, or, if an old PyTorch wrote it, load it there and save it again with torch.save."
        case .gzip:
            "gzip-compressed, which is not read. Unpack it with gunzip."
        case .hdf5:
            "an HDF5 file, as Keras writes it, which is not read. Fovea serves PyTorch weights."
        case .unknown: nil
        }
    }
}
