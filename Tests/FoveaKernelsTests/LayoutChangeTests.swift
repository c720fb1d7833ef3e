import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct LayoutChangeTests {
    /// Each with NaN, infinities and a negative zero somewhere: a change of layout keeps every bit.
    private func cases(_ seed: Int) -> [(LayoutChange, [Float])] {
        var random = Random(seed)
        return (0..<150).map { _ in
            let step = LayoutChange(
                channels: random.pick([1, 2, 3, 4, 5, 14, 16, 17, 31, 35, 70]), area: random.pick([1, 2, 3, 4, 5, 49, 130, 600, 1025]))
            var map = random.floats(step.channels * step.area)
            for value in [Float.nan, .infinity, -0.0] { map[random.int(0...map.count - 1)] = value }
            return (step, map)
        }
    }

    @Test(arguments: Machine.all.indices) func toBlocksKeepsEveryBitAndClearsTheRest(_ set: Int) {
        let kernels = Machine.all[set]
        for (step, map) in cases(91) {
            let run = MapRun(kernels: kernels, inputs: [map], count: Blocked.count(channels: step.channels, area: step.area))
            let found = run.run { pass, x, y, _ in kernels.toBlocks(step, pass, .arena(x), to: y) }
            // As many channels as the blocks have room for: those behind the last one are zero.
            let stored = Blocked.blocks(step.channels) * 16
            let expected = blocked(map + [Float](repeating: 0, count: (stored - step.channels) * step.area), channels: stored)
            #expect(bits(found) == bits([expected]), "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func fromBlocksKeepsEveryBit(_ set: Int) {
        let kernels = Machine.all[set]
        for (step, map) in cases(92) {
            let run = MapRun(kernels: kernels, inputs: [blocked(map, channels: step.channels)], count: map.count)
            let found = run.run { pass, x, y, _ in kernels.fromBlocks(step, pass, .arena(x), to: y) }
            #expect(bits(found) == bits([map]), "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        let kernels = Machine.all[set]
        var random = Random(93)
        let step = LayoutChange(channels: 35, area: 1025)
        let maps = (0..<3).map { _ in random.floats(step.channels * step.area) }
        let there = MapRun(kernels: kernels, inputs: maps, count: Blocked.count(channels: step.channels, area: step.area))
        #expect(there.isRepeatable { pass, x, y, _ in kernels.toBlocks(step, pass, .arena(x), to: y) })
        let back = MapRun(kernels: kernels, inputs: maps.map { blocked($0, channels: step.channels) }, count: maps[0].count)
        #expect(back.isRepeatable { pass, x, y, _ in kernels.fromBlocks(step, pass, .arena(x), to: y) })
    }
}
