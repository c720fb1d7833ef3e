import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct PoolingKernelTests {
    @Test func matchesTheReferenceOverRandomShapes() {
        var random = Random(8)
        for index in 0..<300 {
            let kind = random.pick([PoolingKind.max, .average(countIncludePad: true), .average(countIncludePad: false)])
            let window = random.window(
                kernels: [1, 2, 3, 4], dilations: kind == .max ? [1, 1, 2] : [1], ceilMode: random.int(0...1) == 0)
            let channels = random.int(1...5)
            let x = random.floats(channels * window.input.area)
            let kernel = PoolingKernel(kind, channels: channels, window)
            let found = run(channels * window.output.area) { lane, y, _, memory in kernel.run(lane, x, to: y, memory, then: []) }
            #expect(error(found, Reference.pool(double(x), kind, channels: channels, window)) <= 1e-6, "case \(index): \(kind) \(window)")
        }
    }

    @Test func keepsNaN() throws {
        let window = try #require(WindowGeometry(kernel: Extent2D(2), stride: Extent2D(2), input: Extent2D(2, 4)))
        let x: [Float] = [1, .nan, 3, 4, 2, 5, 6, 7]
        let found = run(2) { lane, y, _, memory in PoolingKernel(.max, channels: 1, window).run(lane, x, to: y, memory, then: []) }
        #expect(found[0].isNaN && found[1] == 7)
    }

    @Test func resizing() {
        var random = Random(9)
        for _ in 0..<80 {
            let (input, output) = (Extent2D(random.int(1...12), random.int(1...12)), Extent2D(random.int(1...9), random.int(1...9)))
            let x = random.floats(3 * input.area)
            let average = run(3 * output.area) { lane, y, _, memory in
                ResizingKernel(.adaptiveAverage, channels: 3, input: input, output: output).run(lane, x, to: y, memory, then: [])
            }
            #expect(error(average, Reference.adaptiveAveragePool(double(x), channels: 3, input: input, output: output)) <= 1e-6)
            let nearest = run(3 * output.area) { lane, y, _, memory in
                ResizingKernel(.nearest, channels: 3, input: input, output: output).run(lane, x, to: y, memory, then: [])
            }
            #expect(double(nearest) == Reference.upsampleNearest(double(x), channels: 3, input: input, output: output))
        }
    }

    @Test func adaptivePoolingRepeatsASinglePixel() {
        let found = run(49) { lane, y, _, memory in
            ResizingKernel(.adaptiveAverage, channels: 1, input: Extent2D(1), output: Extent2D(7)).run(
                lane, [0.25], to: y, memory, then: [])
        }
        #expect(found == [Float](repeating: 0.25, count: 49))
    }
}
