import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct TeamPoolTests {
    @Test func aTeamIsUsedAgainByPassesThatItFits() throws {
        let pool = TeamPool(threads: 8)
        #expect(pool.take(threads: 1)?.threads == nil && pool.helpers == 0)
        let large = try #require(pool.take(threads: 8))
        #expect(large.threads == 8 && pool.helpers == 7)
        pool.give(large)
        let again = try #require(pool.take(threads: 5))
        #expect(again === large)
        let small = try #require(pool.take(threads: 3))
        #expect(small.threads == 3 && pool.helpers == 9)
        pool.give(large)
        pool.give(small)
        // Half of the large one's threads would wake for nothing.
        #expect(pool.take(threads: 4)?.threads == 4)
        #expect(pool.take(threads: 2) === small)
    }

    @Test func thereAreNoMoreHelpersThanItsBound() throws {
        let pool = TeamPool(threads: 4)
        #expect(pool.take(threads: 1000)?.threads == 4)
        let last = try #require(pool.take(threads: 4))
        #expect(pool.helpers == 6 && TeamPool.mostHelpers(threads: 4) == 6)
        #expect(pool.take(threads: 2)?.threads == nil, "a pass runs alone then")
        pool.give(last)
        // What does not fit goes, to make room for what does.
        #expect(pool.take(threads: 2)?.threads == 2)
        #expect(pool.helpers == 4)
    }

    /// As the passes of a server do.
    @Test(arguments: [1, 2, 3, 8, 13]) func passesThatShareItsThreadsAlwaysHaveThem(threads: Int) {
        var random = Random(threads)
        let pool = TeamPool(threads: threads, spins: false)
        var running: [(team: ThreadTeam?, threads: Int)] = []
        for _ in 0..<400 {
            let free = threads - running.reduce(0) { $0 + $1.threads }
            if free > 0, running.isEmpty || random.int(0...2) > 0 {
                let wanted = random.int(1...free)
                let team = pool.take(threads: wanted)
                #expect((team?.threads ?? 1) >= wanted)
                running.append((team, wanted))
            } else if let team = running.remove(at: random.int(0...running.count - 1)).team {
                pool.give(team)
            }
            #expect(pool.helpers <= TeamPool.mostHelpers(threads: threads))
        }
    }
}
