import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct DeformableConvolutionKernelTests {
    @Test func matchesTheReferenceOverRandomShapesOnAnyThreads() throws {
        var random = Random(15)
        for index in 0..<Random.cases(120) {
            let convolution = random.convolution()
            let groups = (1...convolution.inputChannels).filter { convolution.inputChannels.isMultiple(of: $0) }
            let geometry = try #require(DeformableGeometry(convolution, offsetGroups: random.pick(groups)))
            let area = convolution.outputArea
            let x = random.floats(convolution.inputChannels * convolution.inputArea)
            let weight = random.floats(convolution.weightCount)
            // Short moves, long ones that leave the map, and whole ones, which meet the edges exactly.
            let reach = random.pick([0.5, 3, 30] as [Float])
            let isWhole = random.int(0...3) == 0
            let offset = random.floats(2 * geometry.points * area).map { isWhole ? ($0 * reach).rounded() : $0 * reach }
            let mask = random.int(0...1) == 0 ? random.floats(geometry.points * area) : nil
            let found = convolve(geometry, x, offset, mask, weight)
            let expected = Reference.deformableConvolution(
                double(x), offset: double(offset), mask: mask.map(double), weight: double(weight), geometry)
            #expect(error(found, expected, terms: Double(convolution.depth)) <= 1e-5, "case \(index): \(geometry)")
            #expect(found == convolve(geometry, x, offset, mask, weight, threads: 2), "case \(index): \(geometry)")
        }
    }

    @Test func withoutOffsetsItIsAConvolution() throws {
        var random = Random(16)
        for _ in 0..<20 {
            let convolution = random.convolution()
            let geometry = try #require(DeformableGeometry(convolution, offsetGroups: 1))
            let x = random.floats(convolution.inputChannels * convolution.inputArea)
            let weight = random.floats(convolution.weightCount)
            let still = [Float](repeating: 0, count: 2 * geometry.points * convolution.outputArea)
            let expected = Reference.convolution(double(x), weight: double(weight), convolution)
            #expect(error(convolve(geometry, x, still, nil, weight), expected) <= 1e-5)
            let reference = Reference.deformableConvolution(
                double(x), offset: double(still), mask: nil, weight: double(weight), geometry)
            for (a, b) in zip(reference, expected) { #expect(abs(a - b) < 1e-12) }
        }
    }

    /// Expected values from `torch.nn.functional.grid_sample` in float64, with the offsets in the order that torchvision's
    /// deform_conv2d_kernel.cpp reads them: two groups of each kind, and no two numbers of height and width alike.
    @Test func matchesValuesOfPyTorch() throws {
        func values(_ count: Int, _ a: Int, _ b: Int, _ m: Int, _ d: Float) -> [Float] {
            (0..<count).map { Float(($0 * a + b) % m - m / 2) / d }
        }
        let window = try #require(
            WindowGeometry(
                kernel: Extent2D(2, 3), stride: Extent2D(2, 1), padding: Extent2D(1, 0), dilation: Extent2D(1, 2), input: Extent2D(5, 6)))
        let geometry = try #require(
            ConvolutionGeometry(inputChannels: 4, outputChannels: 2, groups: 2, window: window)
                .flatMap { DeformableGeometry($0, offsetGroups: 2) })
        let (x, offset) = (values(120, 37, 11, 23, 8), values(144, 29, 5, 53, 16))
        let (mask, weight) = (values(72, 31, 3, 17, 8), values(24, 41, 7, 19, 8))
        let masked = [
            0.308357239, 1.231971741, 0.540939331, 0.479187012, 1.198562622, -0.276313782, -0.174728394, -0.54510498, -0.747024536,
            -0.376922607, -1.396560669, -0.941833496,
        ]
        let plain = [
            0.262145996, 1.14263916, 0.76965332, -0.034057617, -0.713623047, 1.557067871, 0.223266602, 1.187683105, 0.954284668,
            -0.382751465, -1.66394043, -1.322387695,
        ]
        for (mask, expected) in [(mask, masked), (nil, plain)] {
            let reference = Reference.deformableConvolution(
                double(x), offset: double(offset), mask: mask.map(double), weight: double(weight), bias: [0.5, -0.25], geometry)
            for (a, b) in zip(reference, expected) { #expect(abs(a - b) < 1e-8) }
            let found = convolve(geometry, x, offset, mask, weight)
            #expect(error(found, expected.indices.map { expected[$0] - ($0 < 6 ? 0.5 : -0.25) }) <= 1e-5)
        }
    }

    /// A map of several bands.
    @Test func largeMapsAreCutIntoBands() throws {
        var random = Random(17)
        let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(61, 67)))
        let geometry = try #require(
            ConvolutionGeometry(inputChannels: 40, outputChannels: 2, window: window).flatMap { DeformableGeometry($0, offsetGroups: 2) })
        let x = random.floats(40 * 61 * 67)
        let (weight, offset) = (random.floats(geometry.convolution.weightCount), random.floats(2 * geometry.points * 61 * 67))
        let found = convolve(geometry, x, offset, nil, weight)
        let expected = Reference.deformableConvolution(double(x), offset: double(offset), mask: nil, weight: double(weight), geometry)
        #expect(error(found, expected) <= 1e-5)
        #expect(found == convolve(geometry, x, offset, nil, weight, threads: 3))
    }

    /// The corner of a 2×2 map of ones is moved; the values are worked out by hand.
    @Test(
        arguments: [
            (-1, 0, 0), (-0.75, 0, 0.25), (-0.5, -0.5, 0.25), (1.75, 0, 0.25), (2, 0, 0), (1, 1, 1), (0.5, 0.25, 1),
            (.nan, 0, .nan), (0, .nan, .nan), (.nan, 9, .nan), (0, .infinity, 0), (-.infinity, 0, 0), (3e38, 3e38, 0),
        ] as [(Float, Float, Float)])
    func theBorderIsZeroOutsideMinusOneAndSize(dy: Float, dx: Float, expected: Float) throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(1), stride: Extent2D(2), input: Extent2D(2)))
        let geometry = try #require(
            ConvolutionGeometry(inputChannels: 1, outputChannels: 1, window: window).flatMap { DeformableGeometry($0, offsetGroups: 1) })
        let found = convolve(geometry, [1, 1, 1, 1], [dy, dx], nil, [1])
        #expect(expected.isNaN ? found[0].isNaN : found == [expected])
        let reference = Reference.deformableConvolution(
            [1, 1, 1, 1], offset: double([dy, dx]), mask: nil, weight: [1], geometry)
        #expect(expected.isNaN ? reference[0].isNaN : reference == [Double(expected)])
    }

    @Test func offsetsAreDownThenRight() throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(1), stride: Extent2D(2), input: Extent2D(2)))
        let geometry = try #require(
            ConvolutionGeometry(inputChannels: 1, outputChannels: 1, window: window).flatMap { DeformableGeometry($0, offsetGroups: 1) })
        #expect(convolve(geometry, [1, 2, 3, 4], [1, 0], nil, [1]) == [3])
        #expect(convolve(geometry, [1, 2, 3, 4], [0, 1], [0.5], [1]) == [1])
    }

    @Test func offsetLengths() {
        var random = Random(18)
        for _ in 0..<20 {
            let (points, area) = (random.int(1...20), random.int(1...400))
            let offset = random.floats(2 * points * area)
            let kernel = OffsetLengthKernel(points: points, area: area)
            let found = run(area) { lane, y, _, memory in kernel.run(lane, offset, to: y, memory, then: []) }
            #expect(error(found, Reference.offsetLength(double(offset), points: points)) <= 1e-5)
        }
    }

    private func convolve(
        _ geometry: DeformableGeometry, _ x: [Float], _ offset: [Float], _ mask: [Float]?, _ weight: [Float], threads: Int = 1
    ) -> [Float] {
        let kernel = DeformableConvolutionKernel(geometry)
        let count = geometry.convolution.outputChannels * geometry.convolution.outputArea
        return run(
            count, scratch: kernel.scratchCount, shared: kernel.sharedCount, threads: threads, arena: mask ?? []
        ) { lane, y, shared, memory in
            kernel.run(
                lane, x, offset: offset, mask: mask == nil ? nil : UnsafePointer(memory.arena), weight, to: y, shared: shared, memory,
                then: [])
        }
    }
}
