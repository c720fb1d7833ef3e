import Foundation
import FoveaSystem
import Testing

@Suite struct AllowedProcessorsTests {
    /// The numbers of a list such as `0-3,8`.
    private func numbers(_ list: String) -> Set<Int> {
        var numbers: Set<Int> = []
        for range in list.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0) }
            if let first = ends.first, let last = ends.last, first <= last { numbers.formUnion(first...last) }
        }
        return numbers
    }

    @Test func areAtLeastOneAndAllOnline() throws {
        let count = try #require(AllowedProcessors.count())
        #expect((1...max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))).contains(count))
    }

    /// The status lists those of the mask that could ever be plugged in.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/devices/system/cpu/online")))
    func areThoseOfTheMaskThatAreOnline() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        let allowed = numbers(String(line.dropFirst("Cpus_allowed_list:".count)))
        let online = numbers(try String(contentsOfFile: "/sys/devices/system/cpu/online", encoding: .utf8))
        #expect(AllowedProcessors.count() == allowed.intersection(online).count)
    }
}
