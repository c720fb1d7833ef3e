import FoundationEssentials
import Glibc

/// What Linux tells of this process, under the names that all of Prometheus' clients use.
public enum ProcessMetrics {
    /// Has a registry tell them.
    public static func register(in registry: PrometheusRegistry) {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
        registry.read("process_cpu_seconds_total", .counter, "Processor time spent, in seconds.") {
            let stat = statistics()
            guard let user = stat[11], let system = stat[12] else { return nil }
            return (user + system) / ticks
        }
        registry.read("process_threads", .gauge, "Threads.") { statistics()[17] }
        registry.read("process_start_time_seconds", .gauge, "Start of the process, in seconds since 1970.") {
            guard let start = statistics()[19], let boot = bootTime() else { return nil }
            return boot + start / ticks
        }
        registry.read("process_virtual_memory_bytes", .gauge, "Virtual memory.") { statistics()[20] }
        registry.read("process_resident_memory_bytes", .gauge, "Resident memory.") { statistics()[21].map { $0 * pageSize } }
        registry.read("process_open_fds", .gauge, "Open file descriptors.") {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
        }
        registry.read("process_max_fds", .gauge, "The most file descriptors that may be open.") {
            var limit = rlimit()
            return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Double(limit.rlim_cur) : nil
        }
    }

    /// The numbers of `/proc/self/stat` behind the command's name, by their place (proc(5) counts them from 3 on; here the state is 0).
    private static func statistics() -> [Int: Double] {
        guard let line = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            // The name is in parentheses and may hold anything, spaces and parentheses too.
            let end = line.lastIndex(of: ")")
        else { return [:] }
        var numbers: [Int: Double] = [:]
        for (place, field) in line[line.index(after: end)...].split(whereSeparator: \.isWhitespace).enumerated() {
            numbers[place] = Double(field)
        }
        return numbers
    }

    /// When the system started, in seconds since 1970.
    private static func bootTime() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }
}
