import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct WinogradConvolutionTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(1)
        var inBlocks = 0
        for index in 0..<Random.cases(120) {
            let window = try #require(
                WindowGeometry(
                    kernel: Extent2D(3), padding: Extent2D(random.int(0...2), random.int(0...2)),
                    input: Extent2D(random.int(3...40), random.int(3...40))))
            let geometry = try #require(
                ConvolutionGeometry(
                    inputChannels: random.pick([1, 3, 16, 20, 48, 135]), outputChannels: random.pick([1, 16, 30, 40, 80, 130]),
                    window: window))
            let step = try #require(WinogradConvolution(geometry, tile: random.pick([2, 4])))
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let weight = random.floats(geometry.weightCount)
            let found = convolve(Machine.all[set], step, [x], weight)[0]
            let expected = Reference.convolution(double(x), weight: double(weight), geometry)
            #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
            inBlocks += step.method == .streamed ? 0 : 1
        }
        #expect(inBlocks >= 20 && inBlocks <= Random.cases(100))
    }

    /// More tiles than are held at a time, of one picture.
    @Test(arguments: Machine.all.indices) func takesLargeMapsInRounds(_ set: Int) throws {
        var random = Random(3)
        let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(83, 86)))
        let geometry = try #require(ConvolutionGeometry(inputChannels: 33, outputChannels: 700, window: window))
        let step = try #require(WinogradConvolution(geometry, tile: 4))
        #expect(step.method == .streamed && step.tiles > WinogradPieces(step).rows)
        let (x, weight) = (random.floats(33 * geometry.inputArea), random.floats(geometry.weightCount))
        let expected = Reference.convolution(double(x), weight: double(weight), geometry)
        #expect(error(convolve(Machine.all[set], step, [x], weight)[0], expected) <= 1e-5)
    }

    @Test(arguments: Machine.all.indices, [Precision.bfloat16, .fixed16]) func readsFiltersInHalfTheBytes(
        _ set: Int, _ precision: Precision
    ) throws {
        var random = Random(4)
        for (inputs, outputs, side, tile) in [(20, 40, 9, 4), (150, 90, 8, 4), (35, 16, 7, 2)] {
            let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(side)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, window: window))
            let step = try #require(WinogradConvolution(geometry, tile: tile, precision: precision))
            let (x, weight) = (random.floats(inputs * geometry.inputArea), random.weights(geometry.weightCount, precision))
            let rounded = weight.map(precision.rounded)
            let expected = Reference.convolution(double(x), weight: double(rounded), geometry)
            #expect(error(convolve(Machine.all[set], step, [x], weight)[0], expected) <= 1e-5, "\(geometry)")
        }
    }

    /// From one tile to more than are multiplied by filters that are transformed in registers, whole blocks of channels and pieces of some.
    @Test(arguments: Machine.all.indices, [Precision.float32, .bfloat16, .fixed16]) func fewTilesGiveTheBitsOfMany(
        _ set: Int, _ precision: Precision
    ) throws {
        let cases = [(16, 16, 4, 4, 8), (7, 33, 3, 2, 10), (150, 70, 4, 8, 5), (300, 48, 8, 8, 3), (131, 20, 12, 3, 4)]
        try checkBits(Machine.all[set], cases, stride: 1, precision, seed: 5)
    }

    /// Windows that move by two, over maps of one tile to more than are held at a time, with whatever padding.
    @Test(arguments: Machine.all.indices) func stridedMatchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(6)
        for index in 0..<Random.cases(120) {
            let side = random.pick([9, 20, 60])
            let window = try #require(
                WindowGeometry(
                    kernel: Extent2D(3), stride: Extent2D(2), padding: Extent2D(random.int(0...2), random.int(0...2)),
                    input: Extent2D(random.int(3...side), random.int(3...side))))
            let geometry = try #require(
                ConvolutionGeometry(
                    inputChannels: random.pick([1, 3, 16, 20, 32, 48, 135]), outputChannels: random.pick([1, 16, 30, 40, 80, 130]),
                    window: window))
            let step = try #require(WinogradConvolution(geometry, tile: 4))
            #expect(step.stride == 2 && WinogradConvolution(geometry, tile: 2) == nil)
            let pictures = (0..<random.int(1...3)).map { _ in random.floats(geometry.inputChannels * geometry.inputArea) }
            let weight = random.floats(geometry.weightCount)
            for (x, found) in zip(pictures, convolve(Machine.all[set], step, pictures, weight)) {
                let expected = Reference.convolution(double(x), weight: double(weight), geometry)
                #expect(error(found, expected) <= 1e-5, "case \(index): \(geometry)")
            }
        }
    }

    /// Neither does it matter whether tiles of several pictures lie together, nor in which format filters are read.
    @Test(arguments: Machine.all.indices, [Precision.float32, .bfloat16, .fixed16]) func stridedBitsDependOnNothingElse(
        _ set: Int, _ precision: Precision
    ) throws {
        let cases = [
            (16, 16, 4, 4, 8), (7, 33, 3, 2, 8), (150, 70, 8, 8, 8), (131, 20, 7, 4, 7), (64, 48, 8, 16, 5), (40, 70, 20, 20, 3),
            (33, 40, 62, 57, 2),
        ]
        try checkBits(Machine.all[set], cases, stride: 2, precision, seed: 7)
    }

    /// Holds pictures alone against the reference, and those of batches of every size against what they are alone.
    ///
    /// - Parameter cases: channels in and out, a map's height and width, and the most pictures
    private func checkBits(
        _ kernels: any KernelSet.Type, _ cases: [(Int, Int, Int, Int, Int)], stride: Int, _ precision: Precision, seed: Int
    ) throws {
        var random = Random(seed)
        for (inputs, outputs, height, width, most) in cases {
            let window = try #require(
                WindowGeometry(kernel: Extent2D(3), stride: Extent2D(stride), padding: Extent2D(1), input: Extent2D(height, width)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: inputs, outputChannels: outputs, window: window))
            let step = try #require(WinogradConvolution(geometry, tile: 4, precision: precision))
            #expect(step.stride == stride && (stride == 2 || step.method == .streamed))
            let weight = random.weights(geometry.weightCount, precision)
            let rounded = weight.map(precision.rounded)
            let pictures = (0..<most).map { _ in random.floats(inputs * height * width) }
            let alone = pictures.map { convolve(kernels, step, [$0], weight)[0] }
            for (x, found) in zip(pictures, alone) {
                #expect(error(found, Reference.convolution(double(x), weight: double(rounded), geometry)) <= 1e-5, "\(geometry)")
            }
            for count in 2...most {
                let together = convolve(kernels, step, Array(pictures[..<count]), weight, threads: 1 + count % 3)
                for (alone, together) in zip(alone, together) {
                    #expect(alone.map(\.bitPattern) == together.map(\.bitPattern), "\(geometry), \(count)")
                }
            }
        }
    }

    @Test(arguments: Machine.all.indices) func neitherBatchNorThreadsChangeABit(_ set: Int) throws {
        var random = Random(2)
        for (channels, outputs, side, tile) in [(40, 70, 37, 4), (40, 70, 9, 4), (24, 70, 31, 2), (150, 70, 8, 4), (200, 150, 45, 4)] {
            let window = try #require(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(1), input: Extent2D(side)))
            let geometry = try #require(ConvolutionGeometry(inputChannels: channels, outputChannels: outputs, window: window))
            let step = try #require(WinogradConvolution(geometry, tile: tile))
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
}

func convolve(_ kernels: any KernelSet.Type, _ step: WinogradConvolution, _ pictures: [[Float]], _ weight: [Float], threads: Int = 1)
    -> [[Float]]
{
    let geometry = step.geometry
    let packed = packed(step.weightCount, weight, depth: geometry.depth) { step.pack($0, to: $1) }
    let count = Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)
    let machine = Machine(
        kernels: kernels, threads: threads, scratch: step.scratchCount,
        pictures: pictures.map { [.values(blocked($0, channels: geometry.inputChannels)), .room(step.sharedCount), .room(count)] },
        constants: packed)
    let offsets = machine.offsets
    return machine.run(reading: 2, count) {
        kernels.run(step, $0, .arena(0), .constant(0), to: offsets[2], shared: offsets[1], then: [])
    }.map { unblocked($0, channels: geometry.outputChannels) }
}
