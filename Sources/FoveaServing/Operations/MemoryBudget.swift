import FoundationEssentials

/// How much memory this process may use.
///
/// The lesser of the machine's and the limits of the control group and of the groups above it: cgroup v2 `memory.max`, v1 `memory.limit_in_bytes`
/// (Linux `Documentation/admin-guide/cgroup-v2.rst`, `cgroup-v1/memory.rst`).
public enum MemoryBudget {
    /// In bytes.
    public static func current() -> Int {
        bytes(root: URL(filePath: "/"), machine: Int(clamping: ProcessInfo.processInfo.physicalMemory))
    }

    /// What a thing that may take an eighth of the memory gets, in MiB.
    ///
    /// - Parameter range: what it gets at least, and where more is of no use.
    public static func eighth(_ range: ClosedRange<Int>, of bytes: Int = current()) -> Int {
        min(max(bytes >> 23, range.lowerBound), range.upperBound)
    }

    /// Of `machine` bytes, those that the control groups leave; their files are read under `root` instead of `/`.
    static func bytes(root: URL, machine: Int) -> Int {
        let groups = ControlGroups(root: root)
        // `max`, and the largest number of version 1, are no limit.
        return groups.folders(of: "memory", mounts: ["sys/fs/cgroup/memory"]).reduce(machine) { least, folder in
            let text = groups.text("\(folder)/memory.max") ?? groups.text("\(folder)/memory.limit_in_bytes")
            guard let limit = text.flatMap({ Int($0.trimmed) }), limit > 0 else { return least }
            return min(least, limit)
        }
    }
}
