import FoundationEssentials

/// The control groups that bound this process: its own and all above it (cgroups(7)).
struct ControlGroups {
    /// Where the system's files are read, `/` but in tests.
    let root: URL

    /// The groups' folders, this process's own first.
    ///
    /// - Parameters:
    ///   - controller: as version 1 names it, such as `cpu`.
    ///   - mounts: where version 1 has that controller, below `root`.
    func folders(of controller: String, mounts: [String]) -> [String] {
        var folders: [String] = []
        for line in (text("proc/self/cgroup") ?? "").split(separator: "\n") {
            // `hierarchy:controllers:path`; version 2 names no controllers.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains(Substring(controller)) else { continue }
            var path = parts[2].split(separator: "/").map(String.init)
            while true {
                folders += (parts[1].isEmpty ? ["sys/fs/cgroup"] : mounts).map { ([$0] + path).joined(separator: "/") }
                if path.isEmpty { break }
                path.removeLast()
            }
        }
        return folders
    }

    /// A file's text; `nil` where there is none.
    func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
