import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct GroupedWinogradTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(131)
        var (streamed, strided) = (0, 0)
        for index in 0..<Random.cases(100) {
            let stride = random.int(1...2)
            let window = try #require(
                WindowGeometry(
                    kernel: Extent2D(3), stride: Extent2D(stride), padding: Extent2D(random.int(0...2), random.int(0...2)),
                    input: Extent2D(random.int(3...40), random.int(3...40))))
            let (groups, sizes) = (random.int(2...4), [3, 5, 12, 16, 24, 40, 48])
            let geometry = try #require(
                ConvolutionGeometry(
                    inputChannels: groups * random.pick(sizes), outputChannels: groups * random.pick(sizes), groups: groups, window: window)
            )
            let step = try #require(GroupedWinograd(geometry, tile: stride == 2 ? 4 : random.pick([2, 4])))
            let (x, weight) = (random.floats(geometry.inputChannels * geometry.inputArea), random.floats(geometry.weightCount))
            let found = convolve(Machine.all[set], step, geometry, x, weight)
            let expected = Reference.convolution(double(x), weight: double(weight), geometry)
            #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
            streamed += step.winograd.method == .streamed ? 1 : 0
            strided += stride - 1
        }
        #expect(streamed >= 20 && streamed < Random.cases(100) && strided >= 20)
    }

    /// Streamed filters are stored as they are; transformed ones are four times as many.
    @Test(arguments: [(groups: 4, side: 56, fits: true), (40, 56, false), (40, 14, true)])
    func storesNoMoreTransformedFiltersThanOneConvolution(
        _ groups: Int, _ side: Int, _ fits: Bool
    ) throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(side)))
        let geometry = try #require(
            ConvolutionGeometry(inputChannels: groups * 32, outputChannels: groups * 32, groups: groups, window: window))
        let step = GroupedWinograd(geometry, tile: 4)
        #expect((step != nil) == fits)
        #expect(step.map { $0.weightCount <= max(WinogradConvolution.mostTransformed, geometry.weightCount) } ?? true)
    }

    private func convolve(
        _ kernels: any KernelSet.Type, _ step: GroupedWinograd, _ geometry: ConvolutionGeometry, _ x: [Float], _ weight: [Float]
    ) -> [Float] {
        let (input, output) = (geometry.inputAlignment, geometry.outputAlignment)
        func room(_ channels: Int, _ area: Int) -> Machine.Part { .room(Blocked.count(channels: channels, area: area)) }
        let machine = Machine(
            kernels: kernels, scratch: step.winograd.scratchCount,
            pictures: [
                [
                    .values(blocked(x, channels: geometry.inputChannels)),
                    room(input?.alignedChannels ?? 0, geometry.inputArea), .room(step.winograd.sharedCount),
                    room(output?.alignedChannels ?? 0, geometry.outputArea), room(geometry.outputChannels, geometry.outputArea),
                ]
            ], constants: packed(step.weightCount, weight, depth: geometry.depth) { step.pack($0, to: $1) })
        let offsets = machine.offsets
        let found = machine.run(reading: 4, Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)) { pass in
            if let input { kernels.align(input, pass, .arena(0), to: offsets[1]) }
            let (source, target) = (input == nil ? 0 : offsets[1], output == nil ? offsets[4] : offsets[3])
            step.forEachGroup { from, weight, to in
                kernels.run(
                    step.winograd, pass, .arena(source + from), .constant(weight), to: target + to, shared: offsets[2], then: [])
            }
            if let output { kernels.join(output, pass, .arena(target), to: offsets[4], then: []) }
        }
        return unblocked(found[0], channels: geometry.outputChannels)
    }
}
