import Foundation
import Testing

@testable import FoveaServing

@Suite struct ProcessorBudgetTests {
    func count(_ files: [String: String], allowed: Int = 16) throws -> Int {
        try with(files) { ProcessorBudget.count(root: $0, allowed: allowed) }
    }

    /// Lays out the files that the kernel would show.
    func with<Result>(_ files: [String: String], _ body: (URL) -> Result) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "fovea-budget-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let url = root.appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        return body(root)
    }

    @Test func withoutAQuotaTheMaskCounts() throws {
        #expect(try count([:], allowed: 7) == 7)
        #expect(try count([:], allowed: 0) == 1)
    }

    /// It lists what could ever be plugged in: 128 in a virtual machine of four.
    @Test func whatTheStatusListsIsNotAsked() throws {
        #expect(try count(["proc/self/status": "Name:\tx\nCpus_allowed_list:\t0-127\n"], allowed: 4) == 4)
    }

    @Test func aQuotaOfVersionTwoIsRoundedUp() throws {
        let files = ["proc/self/cgroup": "0::/pod/box\n"]
        #expect(try count(files.merging(["sys/fs/cgroup/pod/box/cpu.max": "250000 100000\n"]) { $1 }) == 3)
        #expect(try count(files.merging(["sys/fs/cgroup/pod/box/cpu.max": "max 100000\n"]) { $1 }) == 16)
        #expect(
            try count(
                files.merging(["sys/fs/cgroup/pod/box/cpu.max": "800000 100000\n", "sys/fs/cgroup/pod/cpu.max": "200000 100000\n"]) { $1 })
                == 2)
        #expect(try count(files.merging(["sys/fs/cgroup/pod/box/cpu.max": "1000 100000\n"]) { $1 }) == 1)
    }

    @Test func threadsLookForWorkOnlyWithoutAQuota() throws {
        let files = ["proc/self/cgroup": "0::/pod/box\n"]
        #expect(try with(files.merging(["sys/fs/cgroup/pod/cpu.max": "200000 100000\n"]) { $1 }) { ProcessorBudget.isMetered(root: $0) })
        #expect(try !with(files.merging(["sys/fs/cgroup/pod/cpu.max": "max 100000\n"]) { $1 }) { ProcessorBudget.isMetered(root: $0) })
        #expect(try !with([:]) { ProcessorBudget.isMetered(root: $0) })
    }

    @Test func aQuotaOfVersionOneCounts() throws {
        let files = [
            "proc/self/cgroup": "3:cpu,cpuacct:/job\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
        ]
        #expect(try count(files.merging(["sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "400000\n"]) { $1 }) == 4)
        #expect(try count(files.merging(["sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "-1\n"]) { $1 }) == 16)
    }

    @Test func thisMachineHasAtLeastOneAndNoMoreThanAreOnline() {
        #expect((1...max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))).contains(ProcessorBudget.current()))
    }
}
