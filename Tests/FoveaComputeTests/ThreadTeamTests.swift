import Foundation
import Synchronization
import Testing

@testable import FoveaCompute

@Suite struct ThreadTeamTests {
    @Test(arguments: [1, 2, 5], [true, false]) func runsEveryBlockOnce(threads: Int, spins: Bool) {
        let team = ThreadTeam(threads: threads, spins: spins)
        for call in 0..<300 {
            let blocks = call % 23
            var counts = [Int](repeating: 0, count: blocks)
            let badThreads = Atomic<Int>(0)
            counts.withUnsafeMutableBufferPointer { counts in
                team.parallelFor(blocks: blocks, limit: 3) { block, thread in
                    counts[block] += 1
                    if thread >= min(3, threads) { badThreads.add(1, ordering: .relaxed) }
                }
            }
            #expect(counts.allSatisfy { $0 == 1 })
            #expect(badThreads.load(ordering: .relaxed) == 0)
        }
    }

    @Test func noTwoBlocksShareAThreadsNumberAtOnce() {
        let team = ThreadTeam(threads: 4)
        let busy = (0..<4).map { _ in Flag() }
        let clashes = Atomic<Int>(0)
        for _ in 0..<50 {
            team.parallelFor(blocks: 64) { _, thread in
                if busy[thread].value.exchange(true, ordering: .acquiringAndReleasing) { clashes.add(1, ordering: .relaxed) }
                busy[thread].value.store(false, ordering: .releasing)
            }
        }
        #expect(clashes.load(ordering: .relaxed) == 0)
    }

    /// Four are asked for, and so many are there.
    @Test(arguments: [0, 2]) func countsTheHelpersThatTheSystemGave(given: Int) {
        var left = given
        let team = ThreadTeam(threads: 5, spins: false) { _, body in
            guard left > 0 else { return false }
            left -= 1
            Thread.detachNewThread(body)
            return true
        }
        #expect(team.threads == 1 + given)
        var counts = [Int](repeating: 0, count: 40)
        let badThreads = Atomic<Int>(0)
        counts.withUnsafeMutableBufferPointer { counts in
            team.parallelFor(blocks: counts.count) { block, thread in
                counts[block] += 1
                if thread > given { badThreads.add(1, ordering: .relaxed) }
            }
        }
        #expect(counts.allSatisfy { $0 == 1 } && badThreads.load(ordering: .relaxed) == 0)
    }

    private final class Flag: Sendable {
        let value = Atomic<Bool>(false)
    }
}
