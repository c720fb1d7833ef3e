import Foundation
import Testing

@testable import FoveaServing

@Suite struct MemoryBudgetTests {
    private func bytes(_ files: [String: String]) throws -> Int {
        let folder = try TemporaryFolder()
        for (path, text) in files { try folder.write(text, to: path) }
        return MemoryBudget.bytes(root: folder.url, machine: 16 << 30)
    }

    @Test func theLeastLimitOfAnyGroupAboveCounts() throws {
        let group = ["proc/self/cgroup": "0::/pod/box\n"]
        #expect(try bytes([:]) == 16 << 30)
        #expect(try bytes(group) == 16 << 30)
        #expect(try bytes(group.merging(["sys/fs/cgroup/pod/box/memory.max": "max\n"]) { $1 }) == 16 << 30)
        #expect(try bytes(group.merging(["sys/fs/cgroup/pod/box/memory.max": "1073741824\n"]) { $1 }) == 1 << 30)
        #expect(
            try bytes(
                group.merging(["sys/fs/cgroup/pod/box/memory.max": "1073741824\n", "sys/fs/cgroup/memory.max": "536870912\n"]) { $1 })
                == 512 << 20)
        #expect(try bytes(group.merging(["sys/fs/cgroup/pod/box/memory.max": "nonsense\n"]) { $1 }) == 16 << 30)
    }

    @Test func versionOneCounts() throws {
        let group = ["proc/self/cgroup": "9:memory:/job\n3:cpu,cpuacct:/other\n"]
        #expect(try bytes(group.merging(["sys/fs/cgroup/memory/job/memory.limit_in_bytes": "2147483648\n"]) { $1 }) == 2 << 30)
        #expect(try bytes(group.merging(["sys/fs/cgroup/memory/job/memory.limit_in_bytes": "9223372036854771712\n"]) { $1 }) == 16 << 30)
        #expect(try bytes(group.merging(["sys/fs/cgroup/memory/other/memory.limit_in_bytes": "1\n"]) { $1 }) == 16 << 30)
    }

    @Test func anEighthHasBounds() {
        #expect(MemoryBudget.eighth(64...1024, of: 1 << 30) == 128)
        #expect(MemoryBudget.eighth(64...1024, of: 64 << 20) == 64)
        #expect(MemoryBudget.eighth(64...1024, of: 1 << 40) == 1024)
        #expect(MemoryBudget.current() > 0)
    }
}
