import FoundationEssentials
import Glibc

/// What Linux tells of this process, under the names that all of Prometheus' clients use.
enum ProcessMetrics {
    static func write(to text: inout MetricsText) {
        let stat = statistics()
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        if let user = stat[11], let system = stat[12] {
            text.single("process_cpu_seconds_total", .counter, "Processor time spent, in seconds.", (user + system) / ticks)
        }
        if let threads = stat[17] { text.single("process_threads", .gauge, "Threads.", threads) }
        if let start = stat[19], let boot = bootTime() {
            text.single("process_start_time_seconds", .gauge, "Start of the process, in seconds since 1970.", boot + start / ticks)
        }
        if let bytes = stat[20] { text.single("process_virtual_memory_bytes", .gauge, "Virtual memory.", bytes) }
        if let pages = stat[21] {
            text.single("process_resident_memory_bytes", .gauge, "Resident memory.", pages * Double(sysconf(Int32(_SC_PAGESIZE))))
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text.single("process_open_fds", .gauge, "Open file descriptors.", Double(files.count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.single("process_max_fds", .gauge, "The most file descriptors that may be open.", Double(limit.rlim_cur))
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
