import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct StandardizationKernelTests {
    @Test func matchesTheReferenceOverRandomShapes() throws {
        var random = Random(22)
        for _ in 0..<60 {
            let shape = [random.pick([1, 2, 5]), random.pick([2, 3, 170]), random.pick([1, 4, 30])]
            let axis = try #require(AxisGeometry(shape, axis: 1))
            // A mean far from 0, as that of similarities is.
            let x = random.floats(shape.reduce(1, *)).map { $0 * 0.1 + 3 }
            let kernel = StandardizationKernel(axis, epsilon: 1e-5)
            let found = run(x.count, threads: 2) { lane, y, _, memory in kernel.run(lane, x, to: y, memory, then: []) }
            #expect(error(found, Reference.standardize(double(x), axis, epsilon: Double(Float(1e-5)))) <= 1e-5, "\(axis)")
        }
    }

    @Test func isUnbiasedAndAddsEpsilonToTheDeviation() throws {
        let axis = try #require(AxisGeometry([3], axis: 0))
        let found = run(3) { lane, y, _, memory in
            StandardizationKernel(axis, epsilon: 1).run(lane, [1, 2, 3], to: y, memory, then: [])
        }
        // The deviation of 1, 2, 3 is √(2/2), not √(2/3).
        #expect(found == [-0.5, 0, 0.5])
    }

    @Test func aConstantMapIsZero() throws {
        let axis = try #require(AxisGeometry([1, 40], axis: 1))
        let x = [Float](repeating: 0.1, count: 40)
        let found = run(40) { lane, y, _, memory in StandardizationKernel(axis, epsilon: 1e-5).run(lane, x, to: y, memory, then: []) }
        #expect(found.allSatisfy { abs($0) < 1e-6 })
    }
}
