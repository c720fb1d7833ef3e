import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct GroupSimilarityTests {
    private func sample(_ random: inout Random) -> GroupSimilarity {
        let (groups, size) = (random.pick([1, 2, 3, 5, 8, 15, 16, 17, 64]), random.pick([1, 1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 24, 32, 48]))
        return GroupSimilarity(
            channels: groups * size, groups: groups, area: random.pick([2, 3, 49, 63, 64, 65, 130, 400]), epsilon: random.pick([1e-5, 0.1]))
    }

    private func run(_ set: Int, _ step: GroupSimilarity, _ pictures: [[Float]]) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { blocked($0, channels: step.channels) },
            count: Blocked.count(channels: step.groups, area: step.area), scratch: step.scratchCount)
    }

    private func reference(_ x: [Float], _ step: GroupSimilarity) throws -> [Double] {
        let positions = try #require(AxisGeometry([step.channels, step.area], axis: 1))
        let means = Reference.reduce(double(x), .mean, positions)
        let product = MatrixProductGeometry(batch: step.groups, m: 1, k: step.channelsPerGroup, n: step.area)
        return Reference.standardize(
            Reference.matrixProduct(means, double(x), product), try #require(AxisGeometry([step.groups, step.area], axis: 1)),
            epsilon: Double(step.epsilon))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) throws {
        var random = Random(111)
        for index in 0..<Random.cases(200) {
            let step = sample(&random)
            // Means that are well away from zero: where one is as good as zero, so are its group's similarities.
            let x = random.floats(step.channels * step.area).map { $0 + random.pick([0.5, 2]) }
            let chain = index % 2 == 0 ? Chain(&random, channels: step.groups, area: step.area) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let found = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let standard = try reference(x, step)
            #expect(
                error(unblocked(found[0], channels: step.groups), chain?.expected(standard) ?? standard) <= 1e-5, "case \(index): \(step)")
        }
    }

    /// What SGE does with the similarities: a factor and a bias for each group, and a sigmoid.
    @Test(arguments: Machine.all.indices) func aGateOfThemMatchesTheReference(_ set: Int) throws {
        var random = Random(115)
        for index in 0..<Random.cases(100) {
            let step = sample(&random)
            let x = random.floats(step.channels * step.area).map { $0 + random.pick([0.5, 2]) }
            let (factors, biases) = (random.floats(step.groups), random.floats(step.groups))
            var run = run(set, step, [x])
            let room = Blocked.count(channels: step.groups, area: 1)
            run.operands = [[factors, biases].map { .values($0 + [Float](repeating: .nan, count: room - step.groups)) }]
            let found = run.run { pass, x, y, operands in
                let places = Array(operands)
                run.kernels.run(
                    step, pass, .arena(x), to: y,
                    then: [
                        .binary(.multiply, .arena(places[0]), .channel, reversed: false),
                        .binary(.add, .arena(places[1]), .channel, reversed: false), .activation(.sigmoid),
                    ])
            }
            let gates = try reference(x, step).enumerated().map { place, value in
                value * Double(factors[place / step.area]) + Double(biases[place / step.area])
            }
            #expect(
                error(unblocked(found[0], channels: step.groups), Reference.activation(gates, .sigmoid)) <= 1e-5, "case \(index): \(step)")
        }
    }

    /// The similarities are near 25 600 and differ by tens: a norm of float32 products would be off by more than 1e-4.
    @Test(arguments: Machine.all.indices) func similaritiesFarFromZeroLoseNoDigits(_ set: Int) throws {
        var random = Random(112)
        let step = GroupSimilarity(channels: 64, groups: 16, area: 3000, epsilon: 1e-5)
        let x = random.floats(step.channels * step.area).map { $0 / 8 + 80 }
        let run = run(set, step, [x])
        let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
        #expect(error(unblocked(found[0], channels: step.groups), try reference(x, step)) <= 2e-5)
    }

    @Test(arguments: Machine.all.indices) func aConstantMapIsZero(_ set: Int) throws {
        let step = GroupSimilarity(channels: 32, groups: 32, area: 300, epsilon: 1e-5)
        let run = run(set, step, [[Float](repeating: 0.1, count: step.channels * step.area)])
        let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
        #expect(found[0].allSatisfy { abs($0) < 1e-3 })
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(113)
        for _ in 0..<20 {
            let step = sample(&random)
            // Lanes behind the last group hold whatever there was.
            guard step.groups % 16 == 0 else { continue }
            var run = run(set, step, (0..<3).map { _ in random.floats(step.channels * step.area) })
            run.operands = (0..<3).map { _ in Chain(&random, channels: step.groups, area: step.area).blockedParts }
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: Chain.mapOperations($3)) }, "\(step)")
        }
    }

    @Test(arguments: Machine.all.indices) func whatIsNotANumberStaysInItsGroup(_ set: Int) throws {
        var random = Random(114)
        for _ in 0..<40 {
            let step = sample(&random)
            var x = random.floats(step.channels * step.area)
            x[random.int(0...x.count - 1)] = .nan
            let run = run(set, step, [x])
            let found = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: []) }
            #expect(unblocked(found[0], channels: step.groups).map(\.isNaN) == (try reference(x, step)).map(\.isNaN), "\(step)")
        }
    }
}
