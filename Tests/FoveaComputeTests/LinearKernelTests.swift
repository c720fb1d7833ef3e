import Testing

@testable import FoveaCompute

@Suite struct LinearKernelTests {
    @Test func matchesTheReferenceOverRandomSizes() {
        var random = Random(6)
        for _ in 0..<60 {
            let (inputs, outputs) = (random.pick([1, 3, 7, 8, 9, 64, 515, 5000]), random.int(1...37))
            let (x, weight) = (random.floats(inputs), random.floats(inputs * outputs))
            let kernel = LinearKernel(inputs: inputs, outputs: outputs)
            let found = run(outputs) { lane, y, _, memory in kernel.run(lane, x, weight, to: y, memory, then: [.scale(2)]) }
            #expect(error(found, Reference.linear(double(x), weight: double(weight)).map { 2 * $0 }) <= 1e-5, "\(inputs) to \(outputs)")
            let shared = run(outputs, threads: 3) { lane, y, _, memory in kernel.run(lane, x, weight, to: y, memory, then: [.scale(2)]) }
            #expect(shared == found)
        }
    }

    @Test func aRowsBitsDoNotDependOnItsNeighbours() {
        var random = Random(7)
        let (x, row) = (random.floats(1003), random.floats(1003))
        let weight = (0..<7).flatMap { _ in row }
        let kernel = LinearKernel(inputs: 1003, outputs: 7)
        let found = run(7) { lane, y, _, memory in kernel.run(lane, x, weight, to: y, memory, then: []) }
        #expect(Set(found.map(\.bitPattern)).count == 1)
    }
}
