import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct AxisKernelTests {
    @Test func matchesTheReferenceOverRandomShapes() throws {
        var random = Random(10)
        for _ in 0..<120 {
            let shape = [random.pick([1, 2, 5]), random.pick([1, 3, 17]), random.pick([1, 4, 300])]
            let axis = try #require(AxisGeometry(shape, axis: random.int(-3...2)))
            let x = random.floats(shape.reduce(1, *)).map { $0 * 30 }
            for reduction in [Reduction.mean, .max] {
                let kernel = AxisKernel(.reduce(reduction), axis)
                let found = run(axis.outer * axis.inner) { lane, y, _, memory in kernel.run(lane, x, to: y, memory, then: []) }
                #expect(error(found, Reference.reduce(double(x), reduction, axis)) <= 1e-5, "\(reduction) \(axis)")
            }
            let kernel = AxisKernel(.softmax, axis)
            let found = run(x.count, scratch: kernel.scratchCount, threads: 2) { lane, y, _, memory in
                kernel.run(lane, x, to: y, memory, then: [])
            }
            #expect(error(found, Reference.softmax(double(x), axis)) <= 1e-5, "softmax \(axis)")
        }
    }

    @Test func aLongMeanKeepsItsDigits() throws {
        let x = (0..<200_000).map { Float(1 + $0 % 7) }
        let axis = try #require(AxisGeometry([1, x.count], axis: 1))
        let found = run(1) { lane, y, _, memory in AxisKernel(.reduce(.mean), axis).run(lane, x, to: y, memory, then: []) }
        #expect(error(found, Reference.reduce(double(x), .mean, axis)) <= 1e-7)
    }

    @Test func softmaxOfLargeNumbersDoesNotOverflow() throws {
        let axis = try #require(AxisGeometry([3], axis: 0))
        let found = run(3, scratch: 512) { lane, y, _, memory in
            AxisKernel(.softmax, axis).run(lane, [1000, 1000, -1000], to: y, memory, then: [])
        }
        #expect(found == [0.5, 0.5, 0])
    }

    @Test(arguments: [1, 3]) func softmaxKeepsFloat32sDigitsAndNaN(inner: Int) throws {
        let length = 45
        let axis = try #require(AxisGeometry([length, inner], axis: 0))
        var random = Random(11)
        for round in 0..<50 {
            var x = random.floats(length * inner).map { $0 * Float(round) }
            // What is out of float32's reach, beside what is not.
            x[7 * inner] = -.infinity
            x[20 * inner] = x[0] - 100
            let softmax = { (x: [Float]) in
                run(x.count, scratch: 512) { lane, y, _, memory in AxisKernel(.softmax, axis).run(lane, x, to: y, memory, then: []) }
            }
            let (found, expected) = (softmax(x), Reference.softmax(double(x), axis))
            // A difference of up to 128 is rounded by up to 2⁻¹⁸.
            for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) <= 5e-6 * b + 1e-37, "\(a), not \(b)") }
            // A column with a NaN is none.
            x[(length - 1) * inner] = .nan
            let broken = softmax(x)
            for i in broken.indices { #expect(broken[i].isNaN == (i % inner == 0)) }
        }
    }
}
