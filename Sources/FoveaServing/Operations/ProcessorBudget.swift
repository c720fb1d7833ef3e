import FoundationEssentials
import FoveaSystem

/// How many processors this process may use.
///
/// The lesser of the affinity mask (``AllowedProcessors``) and the CPU quota of the control group and of the groups above it,
/// rounded up: cgroup v2 `cpu.max`, v1 `cpu.cfs_quota_us` over `cpu.cfs_period_us` (Linux `Documentation/admin-guide/cgroup-v2.rst`, `scheduler/sched-bwc.rst`).
public enum ProcessorBudget {
    /// The number of threads that can run at the same time; at least 1.
    public static func current() -> Int {
        count(root: URL(filePath: "/"), allowed: AllowedProcessors.count() ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Whether a control group bounds the processors' time: threads that wait had better sleep than look.
    static func isMetered(root: URL = URL(filePath: "/")) -> Bool { quota(root: root) != nil }

    /// Of `allowed` processors, those that the control groups leave; their files are read under `root` instead of `/`.
    static func count(root: URL, allowed: Int) -> Int {
        var count = allowed
        if let quota = quota(root: root) {
            count = min(count, Int(quota.rounded(.up).clamped(to: 1...65_536)))
        }
        return max(1, count)
    }

    /// The smallest quota from this process's group up to the root, in processors.
    private static func quota(root: URL) -> Double? {
        guard let groups = text(root, "proc/self/cgroup") else { return nil }
        var smallest: Double?
        for line in groups.split(separator: "\n") {
            // `hierarchy:controllers:path`
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let mounts: [String]
            if parts[1].isEmpty {
                mounts = ["sys/fs/cgroup"]
            } else if parts[1].split(separator: ",").contains("cpu") {
                mounts = ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"]
            } else {
                continue
            }
            var path = parts[2].split(separator: "/").map(String.init)
            while true {
                for mount in mounts {
                    let folder = ([mount] + path).joined(separator: "/")
                    if let quota = quota(root: root, folder: folder) { smallest = min(smallest ?? quota, quota) }
                }
                if path.isEmpty { break }
                path.removeLast()
            }
        }
        return smallest
    }

    private static func quota(root: URL, folder: String) -> Double? {
        if let parts = text(root, "\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace), parts.count == 2 {
            return quotient(Double(parts[0]), Double(parts[1]))
        }
        if let quota = text(root, "\(folder)/cpu.cfs_quota_us"), let period = text(root, "\(folder)/cpu.cfs_period_us") {
            return quotient(Double(quota.trimmed), Double(period.trimmed))
        }
        return nil
    }

    /// `max` (not a number) and -1 mean no quota.
    private static func quotient(_ quota: Double?, _ period: Double?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return quota / period
    }

    private static func text(_ root: URL, _ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
