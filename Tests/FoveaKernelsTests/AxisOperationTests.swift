import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct AxisOperationTests {
    private func sample(_ random: inout Random) throws -> AxisOperation {
        let shape = [random.pick([1, 2, 5]), random.pick([1, 2, 3, 17, 70, 1100]), random.pick([1, 1, 4, 16, 19, 300])]
        // Larger tensors would say no more.
        let axis = try #require(AxisGeometry(shape.reduce(1, *) > 100_000 ? [1, shape[1], 19] : shape, axis: random.int(-3...2)))
        return AxisOperation(random.pick([.reduce(.mean), .reduce(.max), .softmax, .softmax]), axis)
    }

    private func inputs(_ step: AxisOperation) -> Int { step.axis.outer * step.axis.length * step.axis.inner }

    private func outputs(_ step: AxisOperation) -> Int { step.kind == .softmax ? inputs(step) : step.axis.outer * step.axis.inner }

    private func run(_ set: Int, _ step: AxisOperation, _ pictures: [[Float]]) -> MapRun {
        MapRun(kernels: Machine.all[set], inputs: pictures, count: outputs(step))
    }

    private func found(_ set: Int, _ step: AxisOperation, _ x: [Float]) -> [Float] {
        let run = run(set, step, [x])
        return run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }[0]
    }

    private func reference(_ x: [Float], _ step: AxisOperation) -> [Double] {
        switch step.kind {
        case .reduce(let reduction): Reference.reduce(double(x), reduction, step.axis)
        case .softmax: Reference.softmax(double(x), step.axis)
        }
    }

    /// Each by itself, since one may be all that counts: a difference of up to 128 is rounded by up to 2⁻¹⁸.
    private func isSoftmax(_ found: [Float], _ expected: [Double]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 5e-6 * $1 + 1e-37 }
    }

    private func chain(_ random: inout Random, _ step: AxisOperation) -> Chain {
        Chain(&random, channels: step.axis.outer, area: outputs(step) / step.axis.outer)
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(95)
        for index in 0..<Random.cases(400) {
            let step = try sample(&random)
            // What is next to nothing among many elements, as most of a long softmax is, the chain would make the others' equal; and of large numbers it divides
            // by sigmoids that are next to nothing.
            let chain = index % 2 == 0 && outputs(step) <= 4000 ? chain(&random, step) : nil
            let x = random.floats(inputs(step)).map { chain == nil ? $0 * 30 : $0 }
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.rowMajorParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain?.postOperations(operands) ?? [])
            }
            let expected = reference(x, step)
            switch step.kind {
            case _ where chain != nil: #expect(error(found[0], chain?.expected(expected) ?? []) <= 1e-5, "case \(index): \(step)")
            case .reduce(.max): #expect(double(found[0]) == expected, "case \(index): \(step)")
            case .reduce(.mean): #expect(error(found[0], expected) <= 1e-5, "case \(index): \(step)")
            case .softmax: #expect(isSoftmax(found[0], expected), "case \(index): \(step)")
            }
        }
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) throws {
        var random = Random(96)
        for _ in 0..<20 {
            let step = try sample(&random)
            var run = run(set, step, (0..<3).map { _ in random.floats(inputs(step)) })
            let chains = (0..<3).map { _ in chain(&random, step) }
            run.operands = chains.map(\.rowMajorParts)
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: chains[0].postOperations($3)) }, "\(step)")
        }
    }

    /// A sum in float32 alone would be off by more than 1e-6.
    @Test(arguments: Machine.all.indices, [1, 3]) func aLongMeanKeepsItsDigits(_ set: Int, inner: Int) throws {
        let x = (0..<200_001 * inner).map { Float(1000 + $0 % 7) }
        let step = AxisOperation(.reduce(.mean), try #require(AxisGeometry([200_001, inner], axis: 0)))
        #expect(error(found(set, step, x), reference(x, step)) <= 1e-7)
    }

    @Test(arguments: Machine.all.indices) func softmaxOfLargeNumbersDoesNotOverflow(_ set: Int) throws {
        let step = AxisOperation(.softmax, try #require(AxisGeometry([3], axis: 0)))
        #expect(found(set, step, [1000, 1000, -1000]) == [0.5, 0.5, 0])
    }

    @Test(arguments: Machine.all.indices, [1, 3, 20]) func softmaxKeepsFloat32sDigitsAndNaN(_ set: Int, inner: Int) throws {
        let length = 45
        let step = AxisOperation(.softmax, try #require(AxisGeometry([length, inner], axis: 0)))
        var random = Random(97)
        for round in 0..<50 {
            var x = random.floats(length * inner).map { $0 * Float(round) }
            // What is out of float32's reach, beside what is not.
            x[7 * inner] = -.infinity
            x[20 * inner] = x[0] - 100
            #expect(isSoftmax(found(set, step, x), reference(x, step)))
            // A column with a NaN is none.
            x[(length - 1) * inner] = .nan
            let broken = found(set, step, x)
            for i in broken.indices { #expect(broken[i].isNaN == (i % inner == 0)) }
        }
    }
}
