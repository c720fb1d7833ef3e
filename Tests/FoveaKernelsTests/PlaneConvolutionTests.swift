import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct PlaneConvolutionTests {
    private func sample(_ random: inout Random, side: Int = 40) -> PlaneConvolution? {
        let (kernel, dilation) = (Extent2D(random.int(1...7), random.int(1...7)), Extent2D(random.int(1...3), random.int(1...3)))
        // Padding may be wider than a window, so that some see nothing but it.
        let window = WindowGeometry(
            kernel: kernel, padding: Extent2D(random.int(0...9), random.int(0...9)), dilation: dilation,
            input: Extent2D(random.int(1...side), random.int(1...side)))
        return window.flatMap {
            ConvolutionGeometry(inputChannels: random.int(1...2), outputChannels: random.int(1...2), window: $0)
        }.flatMap { PlaneConvolution($0) }
    }

    private func run(_ set: Int, _ step: PlaneConvolution, _ pictures: [[Float]], _ weight: [Float]) -> MapRun {
        let geometry = step.geometry
        return MapRun(
            kernels: Machine.all[set], inputs: pictures, count: geometry.outputChannels * geometry.outputArea, scratch: step.scratchCount,
            constants: weight)
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(121)
        var (index, cut) = (0, 0)
        while index < Random.cases(300) {
            // Some windows do not fit their maps.
            guard let step = sample(&random, side: index % 4 == 0 ? 120 : 30) else { continue }
            let geometry = step.geometry
            let (x, weight) = (random.floats(geometry.inputChannels * geometry.inputArea), random.floats(geometry.weightCount))
            // Sums near 1, as roots and quotients want them.
            let scaled = weight.map { $0 / Float(geometry.depth).squareRoot() }
            let chain = index % 2 == 0 ? Chain(&random, channels: geometry.outputChannels, area: geometry.outputArea) : nil
            var run = run(set, step, [x], scaled)
            run.operands = chain.map { [$0.rowMajorParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: chain?.postOperations(operands) ?? [])
            }
            let sums = Reference.convolution(double(x), weight: double(scaled), geometry)
            #expect(error(found[0], chain?.expected(sums) ?? sums) <= 1e-5, "case \(index): \(geometry)")
            (index, cut) = (index + 1, cut + (step.blocks > 1 ? 1 : 0))
        }
        #expect(cut >= 10)
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) throws {
        var random = Random(122)
        let window = try #require(WindowGeometry(kernel: Extent2D(7), padding: Extent2D(3), input: Extent2D(112, 70)))
        let geometry = try #require(ConvolutionGeometry(inputChannels: 2, outputChannels: 1, window: window))
        let step = try #require(PlaneConvolution(geometry))
        #expect(step.blocks > 2)
        let run = run(set, step, (0..<3).map { _ in random.floats(2 * 112 * 70) }, random.floats(98))
        #expect(run.isRepeatable { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), .constant(0), to: y, then: []) })
    }

    @Test func takesFewMapsAndWindowsThatMoveByOne() throws {
        func isPlane(_ inputs: Int, _ outputs: Int, groups: Int = 1, stride: Int = 1, dilation: Int = 1) throws -> Bool {
            let window = try #require(
                WindowGeometry(
                    kernel: Extent2D(3), stride: Extent2D(stride), padding: Extent2D(dilation), dilation: Extent2D(dilation),
                    input: Extent2D(8)))
            let geometry = try #require(
                ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, groups: groups, window: window))
            return PlaneConvolution(geometry) != nil
        }
        #expect(try isPlane(2, 1) && isPlane(1, 1) && isPlane(2, 2))
        #expect(try isPlane(2, 1, dilation: 64) && !isPlane(2, 1, dilation: 65) && !isPlane(2, 1, dilation: 1 << 20))
        #expect(try !isPlane(3, 1) && !isPlane(1, 3) && !isPlane(2, 2, groups: 2) && !isPlane(2, 1, stride: 2))
    }
}
