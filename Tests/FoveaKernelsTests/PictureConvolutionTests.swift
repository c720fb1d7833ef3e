import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct PictureConvolutionTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(1)
        for index in 0..<Random.cases(200) {
            let window = random.window(kernels: [1, 2, 3, 5, 7, 11], dilations: [1], side: 30)
            let geometry = try #require(
                ConvolutionGeometry(inputChannels: random.int(1...4), outputChannels: random.pick([1, 16, 30, 64, 70]), window: window))
            let step = try #require(PictureConvolution(geometry))
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let found = convolve(Machine.all[set], step, [x], weight)[0]
            let expected = Reference.convolution(double(x), weight: double(weight), geometry)
            #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
        }
    }

    /// Lines of more than 128 outputs are cut, and of windows of more than 128 numbers the sums.
    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverWideLines(_ set: Int) throws {
        var random = Random(3)
        for (kernel, stride, width) in [(3, 1, 301), (7, 2, 263), (11, 4, 1031), (16, 16, 160)] {
            let window = try #require(
                WindowGeometry(
                    kernel: Extent2D(kernel), stride: Extent2D(stride), padding: Extent2D(kernel / 2), input: Extent2D(19, width)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: 3, outputChannels: 33, window: window))
            let step = try #require(PictureConvolution(geometry))
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let found = convolve(Machine.all[set], step, [x], weight)[0]
            #expect(error(found, Reference.convolution(double(x), weight: double(weight), geometry)) <= 1e-5, "\(geometry)")
        }
    }

    @Test(arguments: Machine.all.indices) func neitherBatchNorThreadsChangeABit(_ set: Int) throws {
        var random = Random(2)
        let window = try #require(
            WindowGeometry(kernel: Extent2D(7), stride: Extent2D(2), padding: Extent2D(3), input: Extent2D(61, 45)))
        let geometry = try #require(ConvolutionGeometry(inputChannels: 3, outputChannels: 40, window: window))
        let step = try #require(PictureConvolution(geometry))
        let pictures = (0..<3).map { _ in random.floats(3 * 61 * 45) }
        let weight = random.floats(geometry.weightCount)
        let together = convolve(Machine.all[set], step, pictures, weight, threads: 3)
        for index in pictures.indices {
            let alone = convolve(Machine.all[set], step, [pictures[index]], weight)[0]
            #expect(alone.map(\.bitPattern) == together[index].map(\.bitPattern))
        }
    }

    @Test func leavesOtherConvolutionsToOthers() throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(3), input: Extent2D(9)))
        #expect(PictureConvolution(try #require(ConvolutionGeometry(inputChannels: 5, outputChannels: 4, window: window))) == nil)
        #expect(
            PictureConvolution(try #require(ConvolutionGeometry(inputChannels: 4, outputChannels: 4, groups: 2, window: window))) == nil)
        let holes = try #require(WindowGeometry(kernel: Extent2D(3), dilation: Extent2D(2), input: Extent2D(9)))
        #expect(PictureConvolution(try #require(ConvolutionGeometry(inputChannels: 3, outputChannels: 4, window: holes))) == nil)
    }

    private func convolve(
        _ kernels: any KernelSet.Type, _ step: PictureConvolution, _ pictures: [[Float]], _ weight: [Float], threads: Int = 1
    ) -> [[Float]] {
        let geometry = step.geometry
        let packed = packed(step.weightCount, weight, depth: geometry.depth) { step.pack($0, to: $1) }
        let count = Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)
        let machine = Machine(
            kernels: kernels, threads: threads, scratch: 0,
            pictures: pictures.map { [.values($0), .room(step.sharedCount), .room(count)] }, constants: packed)
        let offsets = machine.offsets
        return machine.run(reading: 2, count) {
            kernels.run(step, $0, .arena(0), .constant(0), to: offsets[2], shared: offsets[1], then: [])
        }.map { unblocked($0, channels: geometry.outputChannels) }
    }
}
