import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct ProductConvolutionTests {
    private func makeGeometry(_ random: inout Random) -> ConvolutionGeometry? {
        if random.int(0...2) == 0 {
            let (groups, sizes) = (random.int(2...4), [6, 7, 12, 16, 24, 32, 40, 48])
            return ConvolutionGeometry(
                inputChannels: groups * random.pick(sizes), outputChannels: groups * random.pick(sizes), groups: groups,
                window: random.window())
        }
        if random.int(0...7) == 0 {
            // Many weights for few positions.
            return ConvolutionGeometry(
                inputChannels: random.pick([180, 400]), outputChannels: random.pick([350, 384]),
                window: random.window(kernels: [1, 1, 3], side: 8))
        }
        return ConvolutionGeometry(
            inputChannels: random.pick([1, 2, 3, 5, 16, 17, 40]), outputChannels: random.pick([1, 3, 16, 24, 33, 70]),
            window: random.window())
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(1)
        var (streamed, joined) = (0, 0)
        for index in 0..<Random.cases(300) {
            let geometry = try #require(makeGeometry(&random))
            let step = try #require(ProductConvolution(geometry))
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let found = convolve(Machine.all[set], step, [x], weight)[0]
            let expected = Reference.convolution(double(x), weight: double(weight), geometry)
            #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
            streamed += step.streamsPanels ? 1 : 0
            joined += geometry.inputAlignment != nil && geometry.outputAlignment != nil ? 1 : 0
        }
        #expect(streamed >= 10 && joined >= 10)
    }

    @Test(arguments: Machine.all.indices) func neitherBatchNorThreadsChangeABit(_ set: Int) throws {
        var random = Random(2)
        // The fourth streams two panels at a time for a batch, and a narrow one alone.
        let cases = [
            (40, 160, 21, 1), (24, 100, 33, 1), (200, 160, 6, 1), (200, 330, 6, 1), (64, 160, 9, 2), (60, 160, 13, 5),
        ]
        for (channels, outputs, side, groups) in cases {
            let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(side)))
            let geometry = try #require(
                ConvolutionGeometry(inputChannels: channels, outputChannels: outputs, groups: groups, window: window))
            let step = try #require(ProductConvolution(geometry))
            let pictures = (0..<3).map { _ in random.floats(channels * side * side) }
            let weight = random.floats(geometry.weightCount)
            let together = convolve(Machine.all[set], step, pictures, weight, threads: 3)
            for index in pictures.indices {
                let alone = convolve(Machine.all[set], step, [pictures[index]], weight)[0]
                #expect(alone.map(\.bitPattern) == together[index].map(\.bitPattern))
            }
            // A lone picture is cut into as many blocks as make equal shares.
            for threads in [2, 4, 5, 16] {
                let shared = convolve(Machine.all[set], step, [pictures[0]], weight, threads: threads)[0]
                #expect(shared.map(\.bitPattern) == together[0].map(\.bitPattern), "\(threads) threads")
            }
        }
    }

    @Test func thinGroupsAreNoneOfIt() throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(3), input: Extent2D(9)))
        func isProduct(_ inputs: Int, _ outputs: Int, groups: Int) -> Bool {
            ConvolutionGeometry(inputChannels: groups * inputs, outputChannels: groups * outputs, groups: groups, window: window)
                .flatMap { ProductConvolution($0) } != nil
        }
        #expect(isProduct(6, 6, groups: 2) && isProduct(1, 1, groups: 1))
        #expect(!isProduct(5, 6, groups: 2) && !isProduct(6, 5, groups: 2))
    }
}

/// With a change of layout before and behind it where groups cut through blocks.
func convolve(_ kernels: any KernelSet.Type, _ step: ProductConvolution, _ pictures: [[Float]], _ weight: [Float], threads: Int = 1)
    -> [[Float]]
{
    let geometry = step.geometry
    let packed = packed(step.weightCount, weight, depth: geometry.depth) { step.pack($0, to: $1) }
    let count = Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)
    func room(_ alignment: GroupAlignment?) -> Machine.Part {
        .room(alignment.map { Blocked.count(channels: $0.alignedChannels, area: $0.area) } ?? 0)
    }
    let machine = Machine(
        kernels: kernels, threads: threads, scratch: step.scratchCount,
        pictures: pictures.map {
            let input = Machine.Part.values(blocked($0, channels: geometry.inputChannels))
            return [input, room(geometry.inputAlignment), .room(step.sharedCount), room(geometry.outputAlignment), .room(count)]
        }, constants: packed)
    let offsets = machine.offsets
    return machine.run(reading: 4, count) { pass in
        if let alignment = geometry.inputAlignment { kernels.align(alignment, pass, .arena(0), to: offsets[1]) }
        let (source, target) = (geometry.inputAlignment == nil ? 0 : offsets[1], geometry.outputAlignment == nil ? offsets[4] : offsets[3])
        kernels.run(step, pass, .arena(source), .constant(0), to: target, shared: offsets[2], then: [])
        if let alignment = geometry.outputAlignment { kernels.join(alignment, pass, .arena(target), to: offsets[4], then: []) }
    }.map { unblocked($0, channels: geometry.outputChannels) }
}
