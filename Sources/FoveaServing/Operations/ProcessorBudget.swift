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
        let groups = ControlGroups(root: root)
        return groups.folders(of: "cpu", mounts: ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"]).compactMap { quota(groups, $0) }.min()
    }

    private static func quota(_ groups: ControlGroups, _ folder: String) -> Double? {
        if let parts = groups.text("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace), parts.count == 2 {
            return quotient(Double(parts[0]), Double(parts[1]))
        }
        if let quota = groups.text("\(folder)/cpu.cfs_quota_us"), let period = groups.text("\(folder)/cpu.cfs_period_us") {
            return quotient(Double(quota.trimmed), Double(period.trimmed))
        }
        return nil
    }

    /// `max` (not a number) and -1 mean no quota.
    private static func quotient(_ quota: Double?, _ period: Double?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return quota / period
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
