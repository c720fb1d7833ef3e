import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct ChannelProductTests {
    private func sample(_ random: inout Random, side: Int = 20) -> ConvolutionGeometry? {
        WindowGeometry(kernel: Extent2D(1), input: Extent2D(random.int(1...side), random.int(1...side))).flatMap {
            ConvolutionGeometry(inputChannels: random.pick([1, 3, 15, 16, 17, 64, 200]), outputChannels: random.int(1...4), window: $0)
        }
    }

    private func run(_ set: Int, _ step: ChannelProduct, _ pictures: [[Float]], _ weight: [Float], scale: [Double]? = nil) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) }, count: step.outputs * step.area,
            constants: packedScaled(step.weightCount, weight, depth: step.channels, scale: scale) { step.pack($0, to: $1) })
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(31)
        for index in 0..<Random.cases(300) {
            let geometry = try #require(sample(&random))
            let step = try #require(ChannelProduct(geometry))
            let (x, weight) = (random.floats(step.channels * step.area), random.floats(geometry.weightCount))
            // Sums near 1: `LaneConvolutionTests` tells why.
            let scale = random.floats(step.outputs).map { Double($0) / Double(step.channels).squareRoot() }
            let chain = index % 2 == 0 ? Chain(&random, channels: step.outputs, area: step.area) : nil
            var run = run(set, step, [x], weight, scale: scale)
            run.operands = chain.map { [$0.rowMajorParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: chain?.postOperations(operands) ?? [])
            }
            let scaled = weight.enumerated().map { Double($1) * scale[$0 / step.channels] }
            let sums = Reference.convolution(double(x), weight: scaled, geometry)
            #expect(error(found[0], chain?.expected(sums) ?? sums) <= 1e-5, "case \(index): \(geometry)")
        }
    }

    @Test(arguments: Machine.all.indices) func operandsRepeatAlongAnyAxis(_ set: Int) throws {
        var random = Random(33)
        for _ in 0..<60 {
            let geometry = try #require(sample(&random))
            let step = try #require(ChannelProduct(geometry))
            let shape = [step.outputs, geometry.window.output.height, geometry.window.output.width]
            let operandShape = random.pick([
                shape, [shape[0], 1, shape[2]], [shape[0], shape[1], 1], [1, 1, shape[2]], [1, shape[1], shape[2]],
            ])
            let broadcast = try #require(Broadcast(operandShape, over: shape))
            let (x, weight) = (random.floats(step.channels * step.area), random.floats(geometry.weightCount))
            let operand = random.floats(broadcast.operandCount)
            var run = run(set, step, [x], weight)
            run.operands = [[.values(operand)]]
            let found = run.run { pass, x, y, operands in
                let operation = PostOperation.binary(.subtract, .arena(operands[operands.startIndex]), broadcast, reversed: false)
                run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: [operation])
            }
            let sums = Reference.convolution(double(x), weight: double(weight), geometry)
            let expected = Reference.binary(.subtract, sums, Reference.expand(double(operand), broadcast))
            #expect(error(found[0], expected) <= 1e-5, "\(operandShape) over \(shape)")
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) throws {
        var random = Random(32)
        for _ in 0..<10 {
            let step = try #require(sample(&random, side: 40).flatMap { ChannelProduct($0) })
            let pictures = (0..<3).map { _ in random.floats(step.channels * step.area) }
            var run = run(set, step, pictures, random.floats(step.channels * step.outputs))
            let chains = (0..<3).map { _ in Chain(&random, channels: step.outputs, area: step.area) }
            run.operands = chains.map(\.rowMajorParts)
            let kernels = run.kernels
            #expect(
                run.isRepeatable {
                    kernels.run(step, $0, .arena($1), .constant(0), to: $2, then: chains[0].postOperations($3))
                }, "\(step)")
        }
    }

    @Test func takesNarrowPointwiseConvolutionsOnly() throws {
        let one = try #require(WindowGeometry(kernel: Extent2D(1), input: Extent2D(8)))
        let three = try #require(WindowGeometry(kernel: Extent2D(3), input: Extent2D(8)))
        func isNarrow(_ outputs: Int, groups: Int = 1, _ window: WindowGeometry) -> Bool {
            ConvolutionGeometry(inputChannels: 4, outputChannels: outputs, groups: groups, window: window)
                .map { ChannelProduct($0) != nil } ?? false
        }
        #expect(isNarrow(1, one) && isNarrow(4, one))
        #expect(!isNarrow(5, one) && !isNarrow(4, groups: 2, one) && !isNarrow(1, three))
    }
}
