import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct DynamicConvolutionKernelTests {
    @Test(arguments: [1, 2]) func matchesTheReferenceOverRandomShapes(threads: Int) {
        var random = Random(4)
        for index in 0..<Random.cases(150) {
            let geometry = random.convolution()
            let count = random.pick([1, 2, 3, 4, 5])
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let kernels = random.floats(count * geometry.weightCount)
            let attention = count > 1 || random.int(0...1) == 0 ? random.floats(count) : nil
            let spatial = random.int(0...1) == 0 ? random.floats(geometry.window.kernel.area) : nil
            let inputScale = random.int(0...1) == 0 ? random.floats(geometry.inputChannels) : nil
            let mixed = Reference.mixedKernels(
                double(kernels), kernelAttention: attention.map(double), kernelSpatial: spatial.map(double),
                inputScale: inputScale.map(double), geometry)
            let expected = Reference.convolution(double(x), weight: mixed, geometry)

            // The attentions lie behind one another, as they would in an arena.
            let arena = (attention ?? []) + (spatial ?? []) + (inputScale ?? [])
            let kernel = DynamicConvolutionKernel(geometry, kernelCount: count)
            let found = run(
                expected.count, scratch: kernel.scratchCount, shared: kernel.sharedCount, threads: threads, arena: arena
            ) { lane, y, shared, memory in
                let base = UnsafePointer(memory.arena)
                let behindAttention = base + (attention?.count ?? 0)
                let attentions = DynamicConvolutionKernel.Attentions(
                    kernel: attention == nil ? nil : base, kernelSpatial: spatial == nil ? nil : behindAttention,
                    inputScale: inputScale == nil ? nil : behindAttention + (spatial?.count ?? 0))
                kernel.run(lane, x, kernels, attentions, to: y, shared: shared, memory, then: [])
            }
            // Each attention is one more factor from -1 to 1, whose square is a third in the mean.
            let factors = [attention, spatial, inputScale].reduce(1.0) { $1 == nil ? $0 : $0 / 3 }
            let terms = Double(geometry.depth * count) * factors
            #expect(error(found, expected, terms: terms) <= 1e-5, "case \(index): \(count) kernels, \(geometry)")
        }
    }

    @Test func theInputGateEqualsAGatedInput() throws {
        // The gate is folded into the weights; the definition multiplies the input.
        var random = Random(5)
        let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(5)))
        let geometry = try #require(ConvolutionGeometry(inputChannels: 4, outputChannels: 6, groups: 2, window: window))
        let (x, weight, gate) = (random.floats(100), random.floats(geometry.weightCount), random.floats(4))
        let mixed = Reference.mixedKernels(
            double(weight), kernelAttention: nil, kernelSpatial: nil, inputScale: double(gate), geometry)
        let gated = x.indices.map { Double(x[$0]) * Double(gate[$0 / 25]) }
        let folded = Reference.convolution(double(x), weight: mixed, geometry)
        let defined = Reference.convolution(gated, weight: double(weight), geometry)
        for (a, b) in zip(folded, defined) { #expect(abs(a - b) < 1e-12) }
    }
}
