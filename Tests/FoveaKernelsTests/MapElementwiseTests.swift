import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct MapElementwiseTests {
    private func sample(_ random: inout Random) -> MapElementwise {
        MapElementwise(
            channels: random.pick([1, 5, 16, 17, 40]), area: random.pick([1, 2, 49, 63, 64, 65, 300, 1100]),
            base: random.pick([.map, .channel, .position, .one]))
    }

    private func broadcast(_ step: MapElementwise) -> Broadcast {
        let (channels, area) = (step.channels, step.area)
        switch step.base {
        case .map: return Broadcast(outer: 1, repeated: 1, inner: channels * area)
        case .channel: return Broadcast(outer: channels, repeated: area, inner: 1)
        case .position: return Broadcast(outer: 1, repeated: channels, inner: area)
        case .one: return Broadcast(outer: 1, repeated: channels * area, inner: 1)
        case .group(let size, let area): return Broadcast(outer: channels / size, repeated: size, inner: area)
        }
    }

    private func run(_ set: Int, _ step: MapElementwise, _ pictures: [[Float]]) -> MapRun {
        MapRun(
            kernels: Machine.all[set], inputs: pictures.map { step.base == .map ? blocked($0, channels: step.channels) : $0 },
            count: Blocked.count(channels: step.channels, area: step.area))
    }

    @Test(arguments: Machine.all.indices) func matchesTheReferenceOverRandomShapes(_ set: Int) {
        var random = Random(81)
        for index in 0..<Random.cases(200) {
            let step = sample(&random)
            let x = random.floats(broadcast(step).operandCount)
            let chain = index % 2 == 0 ? Chain(&random, channels: step.channels, area: step.area) : nil
            var run = run(set, step, [x])
            run.operands = chain.map { [$0.blockedParts] } ?? []
            let result = run.run { pass, x, y, operands in
                run.kernels.run(step, pass, .arena(x), to: y, then: chain == nil ? [] : Chain.mapOperations(operands))
            }
            let found = unblocked(result[0], channels: step.channels)
            let copied = Reference.expand(double(x), broadcast(step))
            if let chain {
                #expect(error(found, chain.expected(copied)) <= 1e-5, "case \(index): \(step)")
            } else {
                #expect(double(found) == copied, "case \(index): \(step)")
            }
        }
    }

    /// A number for each position of each group of channels, whatever the size of a group.
    @Test(arguments: Machine.all.indices) func aGateOfGroupsIsRepeatedOverTheirChannels(_ set: Int) throws {
        var random = Random(84)
        for _ in 0..<Random.cases(100) {
            let (groups, size) = (random.pick([2, 3, 5, 16, 17, 40]), random.pick([2, 3, 4, 5, 8, 16, 20, 48]))
            let (channels, area) = (groups * size, random.pick([2, 3, 49, 64, 65, 130]))
            let broadcast = Broadcast(outer: groups, repeated: size, inner: area)
            let operand = try #require(MapOperation.Operand(broadcast, channels: channels, area: area))
            #expect(operand == .group(size: size, area: area) && operand.blockedChannels(of: channels) == groups)
            let (x, gate) = (random.floats(channels * area), random.floats(groups * area))
            let expanded = Reference.expand(double(gate), broadcast)

            let asOperand = MapElementwise(channels: channels, area: area, base: .map)
            var run = run(set, asOperand, [x])
            run.operands = [[.values(blocked(gate, channels: groups))]]
            let gated = run.run { pass, x, y, operands in
                let operation = MapOperation.binary(.multiply, .arena(operands[operands.startIndex]), operand, reversed: false)
                run.kernels.run(asOperand, pass, .arena(x), to: y, then: [operation])
            }
            #expect(error(unblocked(gated[0], channels: channels), zip(double(x), expanded).map(*)) <= 1e-6, "\(broadcast)")

            let asBase = MapElementwise(channels: channels, area: area, base: operand)
            let base = MapRun(
                kernels: run.kernels, inputs: [blocked(gate, channels: groups)], count: Blocked.count(channels: channels, area: area))
            let copied = base.run { pass, x, y, _ in base.kernels.run(asBase, pass, .arena(x), to: y, then: []) }
            #expect(double(unblocked(copied[0], channels: channels)) == expanded, "\(broadcast)")
        }
    }

    /// Gates of channels, a bias, another map and a ReLU are worked off together where they stand in this order: to the same bits as one by one.
    @Test(arguments: Machine.all.indices) func whatLayersEndWithIsWhatEachOperationMakes(_ set: Int) {
        var random = Random(85)
        let gate = { MapOperation.binary(.multiply, .arena($0), .channel, reversed: false) }
        let bias = { MapOperation.binary(.add, .arena($0), .channel, reversed: false) }
        let sum = { MapOperation.binary(.add, .arena($0), .map, reversed: true) }
        let relu = { (_: Int) in MapOperation.activation(.relu) }
        let all = [gate, bias, sum, relu]
        let inOrder = (0..<16).map { subset in all.indices.filter { subset >> $0 & 1 == 1 } }
        for kinds in inOrder + [[1, 0], [2, 1], [3, 1], [1, 1], [2, 2, 3], [0, 0], [1, 3, 2, 3], [2, 0, 3], [3, 3]] {
            let (channels, area) = (random.pick([5, 16, 40]), random.pick([1, 49, 64, 130]))
            var x = random.floats(channels * area)
            for value: Float in [-0.0, 0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude] { x[random.int(0...x.count - 1)] = value }
            let (factors, biases, map) = (random.floats(channels), random.floats(channels), random.floats(channels * area))
            let expected = kinds.reduce(x) { y, kind in
                y.indices.map { index in
                    switch kind {
                    case 0: y[index] * factors[index / area]
                    case 1: y[index] + biases[index / area]
                    case 2: y[index] + map[index]
                    default: y[index] < 0 ? 0 : y[index]
                    }
                }
            }
            let step = MapElementwise(channels: channels, area: area, base: .map)
            var run = run(set, step, [x])
            run.operands = [[.values(factors), .values(biases), .values(blocked(map, channels: channels))]]
            let found = run.run { pass, x, y, operands in
                run.kernels.run(
                    step, pass, .arena(x), to: y, then: kinds.map { all[$0](operands[operands.startIndex + min($0, 2)]) })
            }
            #expect(
                unblocked(found[0], channels: channels).map(\.bitPattern) == expected.map(\.bitPattern), "\(kinds), \(channels)×\(area)")
        }
    }

    @Test(arguments: Machine.all.indices) func worksInPlace(_ set: Int) {
        var random = Random(82)
        let step = MapElementwise(channels: 20, area: 130, base: .map)
        let x = random.floats(step.channels * step.area)
        let machine = Machine(kernels: Machine.all[set], pictures: [[.values(blocked(x, channels: step.channels))]])
        let count = Blocked.count(channels: step.channels, area: step.area)
        let found = machine.run(reading: 0, count) { machine.kernels.run(step, $0, .arena(0), to: 0, then: [.scale(2)]) }
        #expect(unblocked(found[0], channels: step.channels) == x.map { 2 * $0 })
    }

    @Test(arguments: Machine.all.indices) func threadsAndBatchesGiveTheSameBits(_ set: Int) {
        var random = Random(83)
        for _ in 0..<10 {
            let step = sample(&random)
            var run = run(set, step, (0..<3).map { _ in random.floats(broadcast(step).operandCount) })
            run.operands = (0..<3).map { _ in Chain(&random, channels: step.channels, area: step.area).blockedParts }
            let kernels = run.kernels
            #expect(run.isRepeatable { kernels.run(step, $0, .arena($1), to: $2, then: Chain.mapOperations($3)) }, "\(step)")
        }
    }
}
