import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct PositionReductionTests {
    private func sample(_ random: inout Random) -> PositionReduction {
        PositionReduction(
            random.pick([.mean, .max]), channels: random.pick([1, 5, 16, 17, 70]), area: random.pick([1, 2, 3, 49, 63, 64, 65, 129, 1000]))
    }

    private func run(_ set: Int, _ step: PositionReduction, _ pictures: [[Float]]) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) },
            count: Blocked.count(channels: step.channels, area: 1))
    }

    private func reference(_ x: [Float], _ step: PositionReduction) throws -> [Double] {
        Reference.reduce(double(x), step.reduction, try #require(AxisGeometry([step.channels, step.area], axis: 1)))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(51)
        for index in 0..<Random.cases(200) {
            let step = sample(&random)
            let x = random.floats(step.channels * step.area)
            let chain = index % 2 == 0 ? Chain(&random, channels: step.channels, area: 1) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let reduced = try reference(x, step)
            let result = Array(found[0][..<step.channels])
            if step.reduction == .max, chain == nil {
                #expect(double(result) == reduced, "case \(index): \(step)")
            } else {
                #expect(error(result, chain?.expected(reduced) ?? reduced) <= 1e-5, "case \(index): \(step)")
            }
        }
    }

    /// A sum in float32 alone would be off by more than 1e-5.
    @Test(arguments: Machine.all.indices) func aLargeMapLosesNoDigits(_ set: Int) throws {
        var random = Random(52)
        let step = PositionReduction(.mean, channels: 16, area: 300 * 300)
        let x = random.floats(step.channels * step.area).map { $0 + 1000 }
        let run = run(set, step, [x])
        let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
        #expect(error(found[0], try reference(x, step)) <= 5e-7)
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(53)
        for _ in 0..<10 {
            let step = sample(&random)
            var run = run(set, step, (0..<3).map { _ in random.floats(step.channels * step.area) })
            run.operands = (0..<3).map { _ in Chain(&random, channels: step.channels, area: 1).blockedParts }
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: Chain.mapOperations($3)) }, "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func whatIsNotANumberStaysInItsChannel(_ set: Int) throws {
        var random = Random(54)
        for _ in 0..<40 {
            let step = sample(&random)
            var x = random.floats(step.channels * step.area)
            x[random.int(0...x.count - 1)] = .nan
            let run = run(set, step, [x])
            let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
            #expect(found[0][..<step.channels].map(\.isNaN) == (try reference(x, step)).map(\.isNaN), "\(step)")
        }
    }
}
