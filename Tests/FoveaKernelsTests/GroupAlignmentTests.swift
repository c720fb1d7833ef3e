import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct GroupAlignmentTests {
    private func makeStep(_ random: inout Random) throws -> GroupAlignment {
        try #require(
            GroupAlignment(
                groups: random.pick([2, 3, 4, 7, 17]), size: random.pick([1, 3, 4, 5, 8, 12, 17, 20, 24, 40]),
                area: random.pick([1, 3, 49, 64, 130, 600])))
    }

    /// The map with its groups' channels in blocks of their own, by the definition. Lanes behind a group's last channel are NaN.
    private func aligned(_ map: [Float], _ step: GroupAlignment) -> [Float] {
        let blocks = Blocked.blocks(step.size)
        var result = [Float](repeating: .nan, count: Blocked.count(channels: step.alignedChannels, area: step.area))
        for channel in 0..<step.channels {
            let (group, inner) = channel.quotientAndRemainder(dividingBy: step.size)
            for position in 0..<step.area {
                result[((group * blocks + inner / 16) * step.area + position) * 16 + inner % 16] = map[channel * step.area + position]
            }
        }
        return result
    }

    @Test(arguments: Machine.all.indices) func alignedMapsAreTheDefinitionsBitForBit(_ set: Int) throws {
        var random = Random(95)
        for _ in 0..<100 {
            let step = try makeStep(&random)
            var map = random.floats(step.channels * step.area)
            for value in [Float.infinity, -0.0] { map[random.int(0...map.count - 1)] = value }
            let expected = aligned(map, step)
            let run = MapRun(kernels: Machine.all[set], inputs: [blocked(map, channels: step.channels)], count: expected.count)
            let found = run.run { pass, x, y, _ in run.kernels.align(step, pass, .arena(x), to: y) }
            // Memory is NaN before: the lanes that are left as they were are so too.
            #expect(zip(found[0], expected).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }, "\(step)")
        }
    }

    /// What is behind a group's last channel reaches nothing, and what was fused comes after.
    @Test(arguments: Machine.all.indices) func joinedMapsAreTheRowOfGroupsWithWhatWasFused(_ set: Int) throws {
        var random = Random(96)
        for index in 0..<100 {
            let step = try makeStep(&random)
            let map = random.floats(step.channels * step.area)
            let chain = index % 2 == 0 ? Chain(&random, channels: step.channels, area: step.area) : nil
            var run = MapRun(
                kernels: Machine.all[set], inputs: [aligned(map, step)], count: Blocked.count(channels: step.channels, area: step.area))
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.join(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let expected = chain?.expected(double(map)) ?? double(map)
            #expect(error(unblocked(found[0], channels: step.channels), expected) <= 1e-5, "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) throws {
        var random = Random(97)
        let step = try #require(GroupAlignment(groups: 3, size: 24, area: 1025))
        let maps = (0..<3).map { _ in random.floats(step.channels * step.area) }
        let count = Blocked.count(channels: step.channels, area: step.area)
        let run = MapRun(kernels: Machine.all[set], inputs: maps.map { aligned($0, step) }, count: count)
        #expect(run.isRepeatable { pass, x, y, _ in run.kernels.join(step, pass, .arena(x), to: y, then: []) })
    }

    @Test func groupsOfWholeBlocksLieSoAlready() {
        #expect(GroupAlignment(groups: 3, size: 32, area: 4) == nil && GroupAlignment(groups: 1, size: 5, area: 4) == nil)
    }
}
