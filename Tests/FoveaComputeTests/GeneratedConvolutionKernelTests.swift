import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct GeneratedConvolutionKernelTests {
    @Test func matchesTheReferenceOverRandomShapesOnAnyThreads() {
        var random = Random(14)
        for index in 0..<Random.cases(120) {
            let geometry = random.convolution()
            let x = random.floats(geometry.inputChannels * geometry.inputArea)
            let generated = random.floats(geometry.weightCount)
            let base = random.int(0...3) > 0 ? random.floats(geometry.weightCount) : nil
            let weight = base.map { Reference.binary(.add, double($0), double(generated)) } ?? double(generated)
            let expected = Reference.convolution(double(x), weight: weight, geometry)

            let kernel = GeneratedConvolutionKernel(geometry, hasBase: base != nil)
            let found = [1, 2].map { threads in
                run(
                    expected.count, scratch: kernel.scratchCount, shared: kernel.sharedCount, threads: threads, arena: generated,
                    constants: base ?? []
                ) { lane, y, shared, memory in
                    kernel.run(
                        lane, x, base: base == nil ? nil : memory.constants, generated: UnsafePointer(memory.arena), to: y,
                        shared: shared, memory, then: [])
                }
            }
            #expect(error(found[0], expected, terms: Double(geometry.depth)) <= 1e-5, "case \(index): \(geometry)")
            #expect(found[0] == found[1], "case \(index): \(geometry)")
        }
    }
}
