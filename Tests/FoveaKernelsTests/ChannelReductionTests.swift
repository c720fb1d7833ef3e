import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct ChannelReductionTests {
    private func sample(_ random: inout Random) -> ChannelReduction {
        ChannelReduction(
            random.pick([.mean, .max]), channels: random.pick([1, 2, 5, 15, 16, 17, 40, 300]),
            area: random.pick([1, 2, 3, 4, 5, 31, 49, 300, 1100]))
    }

    private func run(_ set: Int, _ step: ChannelReduction, _ pictures: [[Float]]) -> MapRun {
        MapRun(kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) }, count: step.area)
    }

    private func reference(_ x: [Float], _ step: ChannelReduction) throws -> [Double] {
        Reference.reduce(double(x), step.reduction, try #require(AxisGeometry([step.channels, step.area], axis: 0)))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(61)
        for index in 0..<Random.cases(200) {
            let step = sample(&random)
            let x = random.floats(step.channels * step.area)
            let chain = index % 2 == 0 ? Chain(&random, channels: 1, area: step.area) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.rowMajorParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain?.postOperations(operands) ?? [])
            }
            let reduced = try reference(x, step)
            if step.reduction == .max, chain == nil {
                #expect(double(found[0]) == reduced, "case \(index): \(step)")
            } else {
                #expect(error(found[0], chain?.expected(reduced) ?? reduced) <= 1e-5, "case \(index): \(step)")
            }
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(62)
        for _ in 0..<10 {
            let step = sample(&random)
            var run = run(set, step, (0..<3).map { _ in random.floats(step.channels * step.area) })
            let chains = (0..<3).map { _ in Chain(&random, channels: 1, area: step.area) }
            run.operands = chains.map(\.rowMajorParts)
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: chains[0].postOperations($3)) }, "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func whatIsNotANumberStaysAtItsPosition(_ set: Int) throws {
        var random = Random(63)
        for _ in 0..<40 {
            let step = sample(&random)
            var x = random.floats(step.channels * step.area)
            x[random.int(0...x.count - 1)] = .nan
            let run = run(set, step, [x])
            let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
            #expect(found[0].map(\.isNaN) == (try reference(x, step)).map(\.isNaN), "\(step)")
        }
    }
}
