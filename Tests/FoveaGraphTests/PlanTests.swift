import Foundation
import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

@Suite struct PlanTests {
    @Test func aResidualBlockIsOneStepPerConvolution() throws {
        var random = Random(1)
        var builder = try GraphBuilder(inputShape: [8, 6, 6])
        var y = try builder.convolution(builder.input, weight: random.parameter([8, 8, 3, 3]), padding: 1, layer: "conv1")
        y = builder.relu(try random.norm(&builder, y, "bn1"))
        y = try builder.convolution(y, weight: random.parameter([8, 8, 3, 3]), padding: 1, layer: "conv2")
        y = builder.relu(try builder.add(try random.norm(&builder, y, "bn2"), builder.input))
        let plan = Plan(try builder.finish(output: builder.globalAveragePool(y)))
        // The picture's blocks, two convolutions and the pooling.
        #expect(plan.steps.count == 4)
        #expect(plan.steps.map(\.mapOperations.count) == [0, 2, 3, 0])
    }

    @Test func aTappedValueIsNotFusedAway() throws {
        var random = Random(1)
        var builder = try GraphBuilder(inputShape: [8, 6, 6])
        let y = try builder.convolution(builder.input, weight: random.parameter([8, 8, 3, 3]), layer: "conv")
        try builder.tap(y, layer: "conv", kind: .spatial, shape: y.shape)
        let plan = Plan(try builder.finish(output: builder.globalAveragePool(builder.relu(y))))
        // The picture's blocks, the convolution, the activation, the pooling, and for the map alone its row-major form.
        #expect(plan.steps.map { $0.onlyForTaps == nil } == [true, true, true, true, false])
    }

    @Test func knowsWhetherEveryWeightCanBeScaledTo16Bits() throws {
        func plan(_ largest: Float, _ precision: Precision) throws -> Plan {
            var builder = try GraphBuilder(inputShape: [2, 1, 1])
            let weight = Parameter(name: "fc.weight", shape: [3, 2], values: [1, -largest, 0, 1, 2, 3])
            return Plan(
                try builder.finish(output: builder.linear(builder.flatten(builder.input), weight: weight, layer: "fc")),
                precision: precision)
        }
        // Each output's weights are scaled.
        #expect(try plan(65_536, .fixed16).weightsFit && plan(1e25, .fixed16).weightsFit)
        #expect(try !plan(.infinity, .fixed16).weightsFit && !plan(.nan, .fixed16).weightsFit)
        #expect(try plan(1e30, .bfloat16).weightsFit && plan(1e30, .float32).weightsFit)
    }

    @Test func weightsOfALayerThatRunsTwiceArePackedOnce() throws {
        // fc(x) + fc'(2x), whose weights have the same name.
        func plan(_ second: [Float], precision: Precision = .float32) throws -> Plan {
            func weight(_ values: [Float]) -> Parameter { Parameter(name: "fc.weight", shape: [3, 2], values: values) }
            var builder = try GraphBuilder(inputShape: [2, 1, 1])
            let x = builder.flatten(builder.input)
            let once = try builder.linear(x, weight: weight([1, 2, 3, 4, 5, 6]), layer: "fc")
            let twice = try builder.linear(builder.scale(x, by: 2), weight: weight(second), layer: "fc")
            return Plan(try builder.finish(output: builder.add(once, twice)), precision: precision)
        }
        let (same, other) = try (plan([1, 2, 3, 4, 5, 6]), plan([6, 5, 4, 3, 2, 1]))
        #expect(same.constants.count * 2 == other.constants.count)
        let input = [SessionInput(values: [1, 10])]
        #expect(try Session(plan: same).run(input)[0].logits == [63, 129, 195])
        #expect(try Session(plan: other).run(input)[0].logits == [21 + 112, 43 + 68, 65 + 24])
        let (half, otherHalf) = try (plan([1, 2, 3, 4, 5, 6], precision: .fixed16), plan([6, 5, 4, 3, 2, 1], precision: .fixed16))
        #expect(half.constants.count < otherHalf.constants.count)
        #expect(zip(try Session(plan: half).run(input)[0].logits, [63, 129, 195]).allSatisfy { abs($0 / $1 - 1) < 1e-4 })
    }

    @Test func aGateOnADynamicConvolutionStaysBeforeTheNormsShift() throws {
        // One weight of 1, a gate of 0: only the norm's shift may be left.
        func one(_ shape: [Int], _ value: Float = 1) -> Parameter {
            Parameter(name: "p", shape: shape, values: [Float](repeating: value, count: shape.reduce(1, *)))
        }
        var builder = try GraphBuilder(inputShape: [1, 2, 2])
        let gate = builder.scale(try builder.globalAveragePool(builder.input), by: 0)
        var y = try builder.dynamicConvolution(
            builder.input, kernels: one([1, 1, 1, 1, 1]), outputScale: gate, bias: one([1], 5), layer: "conv")
        y = try builder.batchNorm(
            y, weight: one([1], 2), bias: one([1], 0.25), runningMean: one([1], 0), runningVar: one([1], 1), eps: 0, layer: "bn")
        let plan = Plan(try builder.finish(output: builder.globalAveragePool(y)))
        #expect(try Session(plan: plan).run([SessionInput(values: [1, 2, 3, 4])])[0].logits == [0.25])
    }

    @Test func aNormBehindAReshapeOfAnotherChannelCountIsNotFolded() throws {
        var random = Random(2)
        var builder = try GraphBuilder(inputShape: [3, 4, 4])
        var y = try builder.convolution(builder.input, weight: random.parameter([4, 3, 1, 1]), layer: "conv")
        y = try random.norm(&builder, builder.reshape(y, to: [2, 8, 4]), "bn")
        let graph = try builder.finish(output: builder.globalAveragePool(y))
        let picture = random.floats(48)
        let found = try Session(plan: Plan(graph)).run([SessionInput(values: picture)])[0]
        #expect(error(found.logits, try ReferenceExecutor(graph).run(picture).logits) < 1e-5)
    }

    @Test func memoryIsTheWeightsAndTheArena() throws {
        var random = Random(1)
        var builder = try GraphBuilder(inputShape: [16, 16, 16])
        var y = builder.input
        for index in 0..<6 {
            y = builder.relu(try builder.convolution(y, weight: random.parameter([16, 16, 1, 1]), layer: "conv\(index)"))
        }
        let plan = Plan(try builder.finish(output: builder.globalAveragePool(y)))
        #expect(plan.weightBytes == 6 * 16 * 16 * 4)
        // Two maps of 16 × 16 × 16 at a time, however deep the stack, and a vector behind the end.
        #expect(plan.arenaBytes <= 2 * 16 * 256 * 4 + 128)
    }

    /// - Parameter readsAgain: whether the map before the gate is needed once more, behind it
    @Test(arguments: [false, true]) func aGateWorksInPlaceUnlessItsInputIsReadLater(_ readsAgain: Bool) throws {
        var random = Random(4)
        var builder = try GraphBuilder(inputShape: [16, 5, 5])
        let y = try builder.convolution(builder.input, weight: random.parameter([16, 16, 3, 3]), padding: 1, layer: "conv")
        let gate = builder.sigmoid(try builder.linear(builder.globalAveragePool(y), weight: random.parameter([16, 16]), layer: "gate"))
        var z = try builder.multiply(y, builder.reshape(gate, to: [16, 1, 1]))
        if readsAgain { z = try builder.convolution(z, weight: random.parameter([16, 16, 1, 1]), layer: "conv2") }
        let graph = try builder.finish(output: builder.globalAveragePool(readsAgain ? builder.add(z, y) : z))
        let plan = Plan(graph)
        let inPlace = plan.steps.compactMap { step -> Bool? in
            guard case .map(.elementwise) = step.kernel, case .arena(let input) = step.input else { return nil }
            return input == step.output
        }
        #expect(inPlace == [!readsAgain])
        let picture = random.floats(16 * 25)
        let found = try Session(plan: plan).run([SessionInput(values: picture)])[0]
        #expect(error(found.logits, try ReferenceExecutor(graph).run(picture).logits) < 1e-5)
    }

    @Test func partsAreComputedInPlaceAndSlicesAreViews() throws {
        var builder = try GraphBuilder(inputShape: [4, 3, 5])
        let first = builder.relu(try builder.slice(builder.input, axis: 0, from: 1, to: 4))
        let second = builder.sigmoid(try builder.slice(builder.input, axis: 0, from: 0, to: 2))
        let whole = try builder.concatenate([first, second])
        let plan = Plan(try builder.finish(output: builder.flatten(whole)))
        #expect(plan.steps.count == 2)
        #expect(plan.arenaCount <= 64 + 80 + 16)
        let values = (0..<60).map { Float($0) - 20 }
        let found = try Session(plan: plan).run([SessionInput(values: values)])[0].logits
        #expect(found[..<45] == (values[15...].map { max($0, 0) })[...])
        #expect(found[45...].elementsEqual(values[..<30]) { abs($0 - 1 / (1 + exp(-$1))) < 1e-6 })
    }

    @Test func aGeneratedKernelsMeansAreOnlyComputedWhenAsked() throws {
        var random = Random(5)
        var builder = try GraphBuilder(inputShape: [4, 6, 6])
        let pooled = try builder.globalAveragePool(builder.input)
        let rows = builder.sigmoid(try builder.linear(pooled, weight: random.parameter([3 * 4 * 9, 4]), layer: "a.attention"))
        let kernel = try builder.reshape(rows, to: [3, 4, 3, 3])
        let y = try builder.generatedConvolution(
            builder.input, base: random.parameter([3, 4, 3, 3]), generated: kernel, padding: 1, layer: "a")
        let means = try [[1, 2, 3], [0, 2, 3], [0, 1]].map { try builder.mean(kernel, axes: $0) }
        #expect(means.map(\.shape) == [[3], [4], [3, 3]])
        for (mean, kind) in zip(means, [AttentionKind.filter, .channel, .kernelSpatial]) {
            try builder.tap(mean, layer: "a", kind: kind, shape: mean.shape)
        }
        let plan = Plan(try builder.finish(output: builder.globalAveragePool(y)))
        // The pooling, the generator, the picture's blocks, the convolution and the last pooling; the rest only for maps.
        #expect(plan.steps.filter { $0.onlyForTaps == nil }.count == 5)
    }
}
