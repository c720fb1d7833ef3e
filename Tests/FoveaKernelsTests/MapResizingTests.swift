import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct MapResizingTests {
    private func sample(_ random: inout Random, side: Int = 17) -> MapResizing {
        MapResizing(
            random.pick([.adaptiveAverage, .nearest]), channels: random.pick([1, 5, 16, 17, 40]),
            input: Extent2D(random.int(1...side), random.int(1...side)), output: Extent2D(random.int(1...side), random.int(1...side)))
    }

    private func run(_ set: Int, _ step: MapResizing, _ pictures: [[Float]]) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) },
            count: Blocked.count(channels: step.channels, area: step.output.area))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) {
        var random = Random(71)
        for index in 0..<Random.cases(300) {
            let step = sample(&random, side: index % 10 == 0 ? 40 : 17)
            let x = random.floats(step.channels * step.input.area)
            let chain = index % 4 == 0 ? Chain(&random, channels: step.channels, area: step.output.area) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let result = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let found = unblocked(result[0], channels: step.channels)
            let resize = step.kind == .nearest ? Reference.upsampleNearest : Reference.adaptiveAveragePool
            let resized = resize(double(x), step.channels, step.input, step.output)
            if step.kind == .nearest, chain == nil {
                #expect(double(found) == resized, "case \(index): \(step)")
            } else {
                #expect(error(found, chain?.expected(resized) ?? resized) <= 1e-5, "case \(index): \(step)")
            }
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(72)
        for _ in 0..<10 {
            let step = sample(&random, side: 40)
            var run = run(set, step, (0..<3).map { _ in random.floats(step.channels * step.input.area) })
            run.operands = (0..<3).map { _ in Chain(&random, channels: step.channels, area: step.output.area).blockedParts }
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: Chain.mapOperations($3)) }, "\(step)")
        }
    }
}
