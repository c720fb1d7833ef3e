import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct LaneConvolutionTests {
    private func sample(_ random: inout Random, side: Int = 17) -> ConvolutionGeometry? {
        let inputs = random.pick([1, 2, 4, 8])
        let groups = random.int(2...max(2, 50 / inputs))
        return ConvolutionGeometry(
            inputChannels: inputs * groups, outputChannels: inputs * groups, groups: groups, window: random.window(side: side))
    }

    private func run(_ set: Int, _ step: LaneConvolution, _ pictures: [[Float]], _ weight: [Float], scale: [Double]? = nil) -> MapRun {
        let geometry = step.geometry
        return MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: geometry.inputChannels) },
            count: Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea), scratch: step.scratchCount,
            constants: packedScaled(step.weightCount, weight, depth: geometry.depth, scale: scale) { step.pack($0, to: $1) })
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(21)
        for index in 0..<Random.cases(300) {
            let geometry = try #require(sample(&random, side: index % 10 == 0 ? 40 : 17))
            let step = try #require(LaneConvolution(geometry))
            let (channels, area) = (geometry.outputChannels, geometry.outputArea)
            let (x, weight) = (random.floats(channels * geometry.inputArea), random.floats(geometry.weightCount))
            // Sums near 1, as a trained network's: what `Chain` makes of large ones, quotients by sigmoids, has elements beside which the mean is small.
            let scale = random.floats(channels).map { Double($0) / Double(geometry.depth).squareRoot() }
            let chain = index % 4 == 0 ? Chain(&random, channels: channels, area: area) : nil
            var run = run(set, step, [x], weight, scale: scale)
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let found = run.run { pass, x, y, operands in
                let operations = chain == nil ? [] : Chain.mapOperations(operands)
                run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: operations)
            }
            let scaled = weight.enumerated().map { Double($1) * scale[$0 / geometry.depth] }
            let sums = Reference.convolution(double(x), weight: scaled, geometry)
            #expect(
                error(unblocked(found[0], channels: channels), chain?.expected(sums) ?? sums) <= 1e-5, "case \(index): \(geometry)")
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) throws {
        var random = Random(22)
        for _ in 0..<10 {
            let geometry = try #require(sample(&random, side: 40))
            let step = try #require(LaneConvolution(geometry))
            let pictures = (0..<3).map { _ in random.floats(geometry.inputChannels * geometry.inputArea) }
            var run = run(set, step, pictures, random.floats(geometry.weightCount))
            let chains = (0..<3).map { _ in Chain(&random, channels: geometry.outputChannels, area: geometry.outputArea) }
            run.operands = chains.map(\.blockedParts)
            let kernels = run.kernels
            #expect(
                run.isRepeatable {
                    kernels.run(step, $0, .arena($1), .constant(0), to: $2, then: Chain.mapOperations($3))
                }, "\(geometry)")
        }
    }

    @Test(arguments: Machine.all.indices) func whatIsNotANumberReachesItsWindowsAlone(_ set: Int) throws {
        var random = Random(23)
        for _ in 0..<40 {
            let geometry = try #require(sample(&random))
            let step = try #require(LaneConvolution(geometry))
            var x = random.floats(geometry.inputChannels * geometry.inputArea)
            x[random.int(0...x.count - 1)] = .nan
            let weight = random.floats(geometry.weightCount)
            let run = run(set, step, [x], weight)
            let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: []) }
            let expected = Reference.convolution(double(x), weight: double(weight), geometry)
            #expect(unblocked(found[0], channels: geometry.outputChannels).map(\.isNaN) == expected.map(\.isNaN), "\(geometry)")
        }
    }

    @Test func takesThinGroupsOnly() throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(8)))
        func isThin(_ inputs: Int, _ outputs: Int, groups: Int) -> Bool {
            ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, groups: groups, window: window)
                .map { LaneConvolution($0) != nil } ?? false
        }
        #expect(isThin(32, 32, groups: 32) && isThin(24, 24, groups: 3) && isThin(6, 6, groups: 3))
        #expect(!isThin(8, 8, groups: 1) && !isThin(9, 9, groups: 3) && !isThin(4, 8, groups: 4) && !isThin(32, 32, groups: 2))
    }
}
