import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct ConvolutionKernelTests {
    private func convolve(
        _ kernel: ConvolutionKernel, _ x: [Float], _ weight: [Float], bias: [Float] = [], threads: Int = 1
    ) -> [Float] {
        let geometry = kernel.geometry
        let operations: [PostOperation] =
            bias.isEmpty
            ? []
            : [
                .binary(
                    .add, .constant(0), Broadcast(outer: geometry.outputChannels, repeated: geometry.outputArea, inner: 1), reversed: false)
            ]
        return run(
            geometry.outputChannels * geometry.outputArea, scratch: kernel.scratchCount, shared: kernel.sharedCount, threads: threads,
            constants: bias
        ) { lane, y, shared, memory in
            kernel.run(lane, x, weight, to: y, shared: shared, memory, then: operations)
        }
    }

    @Test func matchesTheReferenceOverRandomShapes() {
        var random = Random(1)
        var methods: [String: Int] = [:]
        for index in 0..<400 {
            let geometry = random.convolution()
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let bias = random.floats(geometry.outputChannels)
            let kernel = ConvolutionKernel(geometry)
            let expected = Reference.convolution(double(x), weight: double(weight), bias: double(bias), geometry)
            let found = convolve(kernel, x, weight, bias: bias)
            #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
            switch kernel.method {
            case .direct: methods["direct", default: 0] += 1
            case .panels: methods["panels", default: 0] += 1
            case .rows: methods["rows", default: 0] += 1
            }
        }
        // The cases above are only worth their name while they reach every method.
        for method in ["direct", "panels", "rows"] { #expect(methods[method, default: 0] >= 30, "\(methods)") }
    }

    @Test func panelsAndPointwiseOverLargerMaps() throws {
        var random = Random(2)
        for (kernel, stride, padding) in [(3, 1, 1), (1, 1, 0), (1, 2, 0), (5, 2, 2)] {
            let window = try #require(
                WindowGeometry(kernel: Extent2D(kernel), stride: Extent2D(stride), padding: Extent2D(padding), input: Extent2D(41, 37)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: 6, outputChannels: 9, window: window))
            let x = random.floats(6 * 41 * 37)
            let weight = random.floats(geometry.weightCount)
            let found = convolve(ConvolutionKernel(geometry), x, weight)
            #expect(error(found, Reference.convolution(double(x), weight: double(weight), geometry)) <= 1e-5)
        }
    }

    @Test func threadsDoNotChangeABit() {
        var random = Random(3)
        for _ in 0..<40 {
            let geometry = random.convolution()
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let kernel = ConvolutionKernel(geometry)
            let alone = convolve(kernel, x, weight)
            for threads in [2, 3] {
                #expect(convolve(kernel, x, weight, threads: threads).map(\.bitPattern) == alone.map(\.bitPattern))
            }
        }
    }
}
