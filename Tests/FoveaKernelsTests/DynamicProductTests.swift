import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct DynamicProductTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(1)
        var methods = [0, 0, 0, 0, 0]
        var strided = 0
        for index in 0..<Random.cases(150) {
            let geometry = try makeGeometry(&random, index % 6)
            let kernelCount = random.pick([1, 2, 4, 5])
            let step = try #require(DynamicProduct(geometry, kernelCount: kernelCount))
            switch step.method {
            case .streamed: methods[0] += 1
            case .streamedWinograd(let winograd):
                methods[1] += 1
                strided += winograd.stride - 1
            case .written: methods[2] += 1
            case .winograd: methods[3] += 1
            case .smallMap: methods[4] += 1
            }
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let kernels = random.floats(kernelCount * geometry.weightCount)
            let mix = kernelCount > 1 ? random.floats(kernelCount) : nil
            let spatial = random.int(0...1) == 0 ? random.floats(geometry.window.kernel.area) : nil
            let gate = random.int(0...1) == 0 ? random.floats(geometry.inputChannels) : nil
            let base = random.int(0...2) == 0 ? random.floats(geometry.weightCount) : nil

            var weight = Reference.mixedKernels(
                double(kernels), kernelAttention: mix.map(double), kernelSpatial: spatial.map(double), inputScale: gate.map(double),
                geometry)
            if let base { weight = zip(weight, base).map { $0 + Double($1) } }
            let expected = Reference.convolution(double(x), weight: weight, geometry)
            let found = convolve(Machine.all[set], step, [x], kernels, mix, spatial, gate, base: base)[0]
            #expect(error(found, expected) <= 1e-5, "case \(index): \(step)")
        }
        #expect(methods.allSatisfy { $0 >= 10 } && strided >= 10, "\(methods), \(strided)")
    }

    /// One for each method, as the sizes would have it, and one that moves by two.
    private func makeGeometry(_ random: inout Random, _ method: Int) throws -> ConvolutionGeometry {
        let (inputs, outputs) = (random.pick([1, 3, 16, 20, 48]), random.pick([1, 16, 30, 70]))
        switch method {
        case 0:
            // Never a 3×3 that moves by one.
            let window = random.window(kernels: [3, 5], dilations: [2], side: 12)
            return try #require(ConvolutionGeometry(inputChannels: 120 + inputs, outputChannels: 120 + outputs, window: window))
        case 1:
            let window = try #require(
                WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(random.int(3...20), random.int(3...20))))
            return try #require(ConvolutionGeometry(inputChannels: 120 + inputs, outputChannels: 120 + outputs, window: window))
        case 2:
            return try #require(ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, window: random.window(side: 30)))
        case 3:
            // As many outputs as fill tiles.
            let sides = Extent2D(8 * random.int(2...4), 8 * random.int(2...4) - random.int(0...1))
            let window = try #require(WindowGeometry(kernel: Extent2D(3), stride: Extent2D(2), padding: Extent2D(1), input: sides))
            return try #require(ConvolutionGeometry(inputChannels: 32 + inputs, outputChannels: 90 + outputs, window: window))
        case 4:
            let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(4)))
            return try #require(ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, window: window))
        default:
            let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(random.int(25...32))))
            return try #require(ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, window: window))
        }
    }

    @Test(arguments: Machine.all.indices) func neitherBatchNorThreadsChangeABit(_ set: Int) throws {
        var random = Random(2)
        for (height, width, stride, channels) in [
            (8, 8, 1, 128), (4, 4, 1, 136), (8, 8, 2, 128), (16, 16, 2, 136), (32, 32, 2, 70), (17, 17, 1, 90), (26, 26, 1, 40),
            (24, 24, 2, 40),
            // Eight tiles, the most whose filters are transformed in registers.
            (8, 16, 1, 128),
        ] {
            let window = try #require(
                WindowGeometry(kernel: Extent2D(3), stride: Extent2D(stride), padding: Extent2D(1), input: Extent2D(height, width)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: channels, outputChannels: 150, window: window))
            let step = try #require(DynamicProduct(geometry, kernelCount: 4))
            // Kernels are mixed for four pictures at a time, and for the two or three that are left over.
            let pictures = (0..<Pass.mostPictures).map { _ in random.floats(channels * height * width) }
            let kernels = random.floats(4 * geometry.weightCount)
            let alone = pictures.map { convolve(Machine.all[set], step, [$0], kernels, [0.1, 0.2, 0.3, 0.4], nil, nil)[0] }
            for count in 5...Pass.mostPictures {
                let together = convolve(
                    Machine.all[set], step, Array(pictures.prefix(count)), kernels, [0.1, 0.2, 0.3, 0.4], nil, nil, threads: 3)
                #expect(bits(together) == bits(Array(alone.prefix(count))), "\(count) pictures of \(geometry)")
            }
        }
    }

    private func convolve(
        _ set: any KernelSet.Type, _ step: DynamicProduct, _ pictures: [[Float]], _ kernels: [Float], _ mix: [Float]?,
        _ spatial: [Float]?, _ gate: [Float]?, base: [Float]? = nil, threads: Int = 1
    ) -> [[Float]] {
        let geometry = step.product.geometry
        let constants = packed(step.weightCount, kernels, depth: geometry.depth) { step.pack($0, to: $1) }
        let generated = base.map { packed(step.product.weightCount, $0, depth: geometry.depth) { step.product.pack($0, to: $1) } }
        let count = Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)
        let machine = Machine(
            kernels: set, threads: threads, scratch: step.scratchCount,
            pictures: pictures.map {
                [
                    .values(blocked($0, channels: geometry.inputChannels)), .room(step.sharedCount), .room(count), .values(mix ?? []),
                    .values(spatial ?? []), .values(gate ?? []), .values(generated ?? []),
                ]
            }, constants: constants)
        let offsets = machine.offsets
        let sources = DynamicProduct.Sources(
            kernels: .constant(0), kernelAttention: mix.map { _ in .arena(offsets[3]) },
            kernelSpatial: spatial.map { _ in .arena(offsets[4]) }, inputScale: gate.map { _ in .arena(offsets[5]) },
            generated: base.map { _ in .arena(offsets[6]) })
        return machine.run(reading: 2, count) {
            set.run(step, $0, .arena(0), sources, to: offsets[2], shared: offsets[1], then: [])
        }.map { unblocked($0, channels: geometry.outputChannels) }
    }
}
