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
        let (usual, least) = (Random.cases(400), Random.cases(100))
        var methods = ["direct": 0, "panels": 0, "rows": 0]
        for index in 0..<20 * usual {
            let geometry = random.convolution()
            let kernel = ConvolutionKernel(geometry)
            let method =
                switch kernel.method {
                case .direct: "direct"
                case .panels: "panels"
                case .rows: "rows"
                }
            // Behind the usual ones, only those of a method that few shapes have.
            if index >= usual {
                if methods.values.allSatisfy({ $0 >= least }) { break }
                if methods[method, default: 0] >= least { continue }
            }
            methods[method, default: 0] += 1
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let bias = random.floats(geometry.outputChannels)
            let expected = Reference.convolution(double(x), weight: double(weight), bias: double(bias), geometry)
            let found = convolve(kernel, x, weight, bias: bias)
            #expect(error(found, expected, terms: Double(geometry.depth)) <= 1e-5, "case \(index): \(geometry)")
        }
        // The cases above are only worth their name while they reach every method.
        #expect(methods.values.allSatisfy { $0 >= least }, "\(methods)")
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
