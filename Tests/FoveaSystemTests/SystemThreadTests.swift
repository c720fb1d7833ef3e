import Foundation
import FoveaSystem
import Testing

@Suite struct SystemThreadTests {
    @Test func runsUnderItsName() async {
        let name = await withCheckedContinuation { continuation in
            let isStarted = SystemThread.start(named: "fovea-of-a-long-name", stackSize: 1 << 20) {
                continuation.resume(returning: try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))
            }
            #expect(isStarted)
        }
        #expect(name == "fovea-of-a-long\n")
    }

    @Test func hasTheStackItAsksFor() async {
        /// Takes a kilobyte or more of stack a level.
        @Sendable func descend(_ depth: Int) -> Int {
            withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { buffer in
                buffer[0] = UInt8(truncatingIfNeeded: depth)
                return depth == 0 ? 0 : descend(depth - 1) + Int(buffer[0] & 1) - Int(buffer[0] & 1) + 1
            }
        }
        let depth = await withCheckedContinuation { continuation in
            SystemThread.start(named: "deep", stackSize: 64 << 20) { continuation.resume(returning: descend(16_000)) }
        }
        #expect(depth == 16_000)
    }

    @Test func refusesAStackThatCannotBe() {
        #expect(!SystemThread.start(named: "none", stackSize: 1 << 60) {})
    }

    @Test func threadsThatAreAskedForAreGivenBack() throws {
        for _ in 0..<50 { try ThreadShortage.check(100) }
        try ThreadShortage.check(0)
    }
}
