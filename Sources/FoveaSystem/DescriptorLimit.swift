import Glibc

/// How many files and sockets the process may have open (`RLIMIT_NOFILE`, getrlimit(2)).
public enum DescriptorLimit {
    /// Raises the limit to the highest that the system allows without privileges: shells and containers often start processes with 1,024.
    ///
    /// - Returns: the limit from now on.
    public static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? limit.rlim_cur : before)
    }
}
