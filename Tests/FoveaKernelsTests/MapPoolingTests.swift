import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct MapPoolingTests {
    private func sample(_ random: inout Random, side: Int = 17) -> MapPooling {
        let kind = random.pick([PoolingKind.max, .average(countIncludePad: true), .average(countIncludePad: false)])
        while true {
            let (kh, kw) = (random.int(1...4), random.int(1...4))
            let window = WindowGeometry(
                kernel: Extent2D(kh, kw), stride: Extent2D(random.int(1...3), random.int(1...3)),
                padding: Extent2D(random.int(0...kh / 2), random.int(0...kw / 2)),
                dilation: kind == .max ? Extent2D(random.int(1...2), random.int(1...2)) : Extent2D(1),
                input: Extent2D(random.int(1...side), random.int(1...side)), ceilMode: random.int(0...1) == 0)
            if let window { return MapPooling(kind, channels: random.pick([1, 5, 16, 17, 40]), window) }
        }
    }

    private func run(_ set: Int, _ step: MapPooling, _ pictures: [[Float]]) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) },
            count: Blocked.count(channels: step.channels, area: step.window.output.area))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) {
        var random = Random(41)
        for index in 0..<Random.cases(300) {
            let step = sample(&random, side: index % 10 == 0 ? 40 : 17)
            let x = random.floats(step.channels * step.window.input.area)
            let chain = index % 4 == 0 ? Chain(&random, channels: step.channels, area: step.window.output.area) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let result = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let found = unblocked(result[0], channels: step.channels)
            let pooled = Reference.pool(double(x), step.kind, channels: step.channels, step.window)
            if step.kind == .max, chain == nil {
                #expect(double(found) == pooled, "case \(index): \(step)")
            } else {
                #expect(error(found, chain?.expected(pooled) ?? pooled) <= 1e-5, "case \(index): \(step)")
            }
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(42)
        for _ in 0..<10 {
            let step = sample(&random, side: 40)
            var run = run(set, step, (0..<3).map { _ in random.floats(step.channels * step.window.input.area) })
            run.operands = (0..<3).map { _ in Chain(&random, channels: step.channels, area: step.window.output.area).blockedParts }
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: Chain.mapOperations($3)) }, "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func whatIsNotANumberStaysInItsWindows(_ set: Int) {
        var random = Random(43)
        for _ in 0..<60 {
            let step = sample(&random)
            var x = random.floats(step.channels * step.window.input.area)
            x[random.int(0...x.count - 1)] = .nan
            x[random.int(0...x.count - 1)] = -.infinity
            let run = run(set, step, [x])
            let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
            let expected = Reference.pool(double(x), step.kind, channels: step.channels, step.window)
            #expect(unblocked(found[0], channels: step.channels).map(\.isNaN) == expected.map(\.isNaN), "\(step)")
        }
    }
}
