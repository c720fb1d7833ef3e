import FoundationEssentials
import FoveaSystem
import FoveaZoo

/// Finds the model directories in a `--models` folder.
///
/// Names go one way only: from the folder's listing to users. A name in a request is looked up among the listed ones and never becomes a path.
struct ModelFolder: Sendable {
    /// A version's directory.
    struct Candidate: Sendable, Hashable {
        var name: String
        var version: Int
        /// With all symbolic links resolved.
        var directory: URL
        /// Changes when a file of the directory is replaced, grows or is touched.
        var fingerprint: String
        /// Why it must not be read.
        var refusal: String?
        /// Whether it stands for a model whose own directory could not be listed, so that nothing is known of its versions: those that were read before are
        /// the best there is.
        var isModelUnreadable = false
    }

    let url: URL

    /// Lists the models of the folder, by name and version.
    ///
    /// Hidden entries are left out, `lost+found`, and directories that hold neither a `config.json` nor weights. Weights without a `config.json`, a directory that
    /// cannot be listed, and whatever leads out of the folder through a symbolic link, are refused candidates.
    func candidates() throws(ModelError) -> [Candidate] {
        let root = url.resolvingSymlinksInPath().standardizedFileURL
        guard isDirectory(root) else {
            throw ModelError("The models folder '\(url.relativePath)' does not exist or is not a folder; name another one with --models.")
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))
        } catch {
            throw ModelError("The models folder '\(url.relativePath)' cannot be read; check its permissions.")
        }
        var found: [Candidate] = []
        for name in names.sorted() where isModelName(name) { found += candidates(name, root: root) }
        return found
    }

    private func isModelName(_ name: String) -> Bool {
        !name.hasPrefix(".") && name != "lost+found" && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private func candidates(_ name: String, root: URL) -> [Candidate] {
        let directory = root.appending(path: name).resolvingSymlinksInPath().standardizedFileURL
        guard isDirectory(directory) else { return [] }
        guard isInside(directory, root) else {
            return [
                Candidate(
                    name: name, version: 1, directory: root, fingerprint: "",
                    refusal: "'\(name)' is a symbolic link that leads out of the models folder; put the directory itself there.")
            ]
        }
        guard let children = list(directory) else { return [unreadable(name, 1, root, isModel: true)] }
        var versions: [Candidate] = []
        for child in children {
            // `01`, `+1` and `1 ` are not versions: each number has one spelling.
            guard let version = Int(child), version >= 0, String(version) == child else { continue }
            if let candidate = candidate(name, version, directory.appending(path: child), root: root) { versions.append(candidate) }
        }
        if versions.isEmpty, let candidate = candidate(name, 1, directory, root: root) { return [candidate] }
        return versions.sorted { $0.version < $1.version }
    }

    private func candidate(_ name: String, _ version: Int, _ directory: URL, root: URL) -> Candidate? {
        let directory = directory.resolvingSymlinksInPath().standardizedFileURL
        guard isDirectory(directory) else { return nil }
        func refused(_ why: String) -> Candidate {
            Candidate(name: name, version: version, directory: root, fingerprint: "", refusal: why)
        }
        func leadsOut(_ what: String) -> Candidate {
            refused("\(what) is a symbolic link that leads out of the models folder; put the file itself there.")
        }
        guard isInside(directory, root) else { return leadsOut("Version \(version)") }
        guard let files = list(directory)?.sorted() else { return unreadable(name, version, root, isModel: false) }
        guard files.contains("config.json") else {
            guard files.contains(where: isWeights) else { return nil }
            return refused("Its directory has no config.json, which says what network the weights belong to; fovea convert writes one.")
        }
        var fingerprint = ""
        for file in files where !file.hasPrefix(".") {
            let resolved = directory.appending(path: file).resolvingSymlinksInPath().standardizedFileURL
            guard isInside(resolved, root) else { return leadsOut("'\(file)'") }
            let status = FileStatus(resolved.path(percentEncoded: false))
            fingerprint += "\(file)/\(status?.size ?? 0)/\(status?.modified ?? 0)/\(status?.number ?? 0)\n"
        }
        return Candidate(name: name, version: version, directory: directory, fingerprint: fingerprint)
    }

    private func isWeights(_ file: String) -> Bool {
        [".safetensors", ".bin", ".pth", ".pt"].contains { file.hasSuffix($0) }
    }

    private func list(_ directory: URL) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: directory.path(percentEncoded: false))
    }

    private func unreadable(_ name: String, _ version: Int, _ root: URL, isModel: Bool) -> Candidate {
        Candidate(
            name: name, version: version, directory: root, fingerprint: "",
            refusal: "Its directory cannot be listed: check its permissions, and that the server has file descriptors left.",
            isModelUnreadable: isModel)
    }

    private func isInside(_ url: URL, _ root: URL) -> Bool {
        let parts = url.pathComponents
        return parts.count > root.pathComponents.count && parts.starts(with: root.pathComponents)
    }

    private func isDirectory(_ url: URL) -> Bool {
        FileStatus(url.path(percentEncoded: false))?.isDirectory == true
    }
}
