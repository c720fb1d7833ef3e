import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

/// Kernels that a linear layer computes for each picture.
@Suite struct GeneratedConvolutionTests {
    /// Two convolutions in a row read one kernel of 216 numbers: alike, with the channels swapped, as wide windows and as many channels.
    @Test(arguments: [[4, 6, 3, 3], [6, 4, 3, 3], [4, 54, 1, 1], [216, 1, 1, 1], [12, 2, 3, 3]], [false, true])
    func aKernelIsReadInAnyShape(_ shape: [Int], _ isGated: Bool) throws {
        var random = Random(20)
        var builder = try GraphBuilder(inputShape: [6, 7, 5])
        var scores = try builder.linear(
            builder.globalAveragePool(builder.input), weight: random.parameter([216, 6]), bias: random.parameter([216]), layer: "fc")
        if isGated { scores = builder.sigmoid(scores) }
        let first = try builder.generatedConvolution(
            builder.input, base: nil, generated: builder.reshape(scores, to: [4, 6, 3, 3]), padding: 1, layer: "first")
        let between = try builder.convolution(
            first, weight: random.parameter([shape[1] * (shape[0] == 12 ? 3 : 1), 4, 1, 1]), layer: "conv")
        let second = try builder.generatedConvolution(
            builder.relu(between), base: nil, generated: builder.reshape(scores, to: shape), padding: shape[2] / 2,
            groups: shape[0] == 12 ? 3 : 1, layer: "second")
        let graph = try builder.finish(output: builder.globalAveragePool(second))
        let plan = Plan(graph)
        let changes = plan.steps.count { if case .rowMajor(.toPanels) = $0.kernel { true } else { false } }
        #expect(changes == (shape == [4, 6, 3, 3] || shape[0] == 12 ? 0 : 1))
        let picture = random.floats(6 * 35)
        let found = try Session(plan: plan).run([SessionInput(values: picture)])[0].logits
        #expect(error(found, try ReferenceExecutor(graph).run(picture).logits) <= 1e-5)
    }

    /// A filter of zeros, or of next to nothing, has no part in how the others are stored in 16 bits.
    @Test(arguments: [0, 1e-35, 1e-6] as [Float]) func aDeadFilterLeavesTheOthersTheirDigits(_ scale: Float) throws {
        for alive in [0, 5, 8] {
            var random = Random(21 + alive)
            let drawn = random.parameter([8, 20, 3, 3])
            let base = Parameter(
                name: drawn.name, shape: drawn.shape, values: drawn.values.enumerated().map { $0 / 180 < alive ? $1 : $1 * scale })
            var builder = try GraphBuilder(inputShape: [20, 5, 7])
            let kernel = try builder.linear(
                builder.globalAveragePool(builder.input), weight: random.parameter([8 * 180, 20]), layer: "generator")
            // Next to nothing is generated, so that what is stored tells.
            let generated = try builder.reshape(builder.scale(kernel, by: 1e-4), to: [8, 20, 3, 3])
            let y = try builder.generatedConvolution(builder.input, base: base, generated: generated, padding: 1, layer: "conv")
            let graph = try builder.finish(output: builder.flatten(y))
            let plan = Plan(graph, precision: .fixed16)
            #expect(plan.weightsFit)
            let picture = random.floats(20 * 35)
            let found = try Session(plan: plan).run([SessionInput(values: picture)])[0].logits
            let expected = try ReferenceExecutor(graph).run(picture).logits
            let rms = (expected.reduce(0) { $0 + $1 * $1 } / Double(expected.count)).squareRoot()
            let largest = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
            #expect(largest <= 3e-4 * rms, "\(alive) alive")
        }
    }

    @Test func aStoredKernelThatIsNotFiniteDoesNotFit() throws {
        for value in [Float.infinity, .nan] {
            var builder = try GraphBuilder(inputShape: [2, 3, 3])
            let base = Parameter(name: "weight", shape: [2, 2, 1, 1], values: [1, 2, value, 0])
            let weight = Parameter(name: "fc", shape: [4, 2], values: [Float](repeating: 1, count: 8))
            let kernel = try builder.linear(builder.globalAveragePool(builder.input), weight: weight, layer: "fc")
            let y = try builder.generatedConvolution(
                builder.input, base: base, generated: builder.reshape(kernel, to: [2, 2, 1, 1]), layer: "conv")
            #expect(try !Plan(builder.finish(output: builder.flatten(y)), precision: .fixed16).weightsFit)
        }
    }
}
