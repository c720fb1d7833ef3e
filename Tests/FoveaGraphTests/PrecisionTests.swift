import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

/// Weights of half the bytes.
@Suite struct PrecisionTests {
    /// Whatever scale a layer's weights have, norms multiplied in.
    @Test(arguments: [1e-6, 1, 1e6] as [Float]) func fixed16HasAllItsDigitsWhateverTheWeightsScale(_ scale: Float) throws {
        for seed in 0..<10 {
            let (graph, picture) = try network(seed, scale)
            let expected = try ReferenceExecutor(graph).run(picture).logits
            let found = try Session(plan: Plan(graph, precision: .fixed16)).run([SessionInput(values: picture)])[0].logits
            #expect(difference(found, expected) <= 3e-4, "graph \(seed)")
        }
    }

    /// Every second output's weights are a ten-thousandth of the others', of which 16 bits would leave two.
    @Test func fixed16HasAllItsDigitsForOutputsOfAnyScale() throws {
        var random = Random(4100)
        let drawn = random.parameter([40, 200])
        let weight = Parameter(
            name: drawn.name, shape: drawn.shape, values: drawn.values.enumerated().map { $0 / 200 % 2 == 0 ? $1 : $1 * 1e-4 })
        var builder = try GraphBuilder(inputShape: [200, 1, 1])
        let logits = try builder.linear(builder.flatten(builder.input), weight: weight, layer: "fc")
        let graph = try builder.finish(output: logits)
        let picture = random.floats(200)
        let expected = try ReferenceExecutor(graph).run(picture).logits
        let found = try Session(plan: Plan(graph, precision: .fixed16)).run([SessionInput(values: picture)])[0].logits
        for parity in 0...1 {
            let outputs = stride(from: parity, to: 40, by: 2)
            #expect(difference(outputs.map { found[$0] }, outputs.map { expected[$0] }) <= 3e-4)
        }
    }

    /// To within more than the logits: a ReLU whose input is near zero may fall to the other side.
    @Test(arguments: [1e-6, 1, 1e6] as [Float]) func explanationsReadTheSameWeights(_ scale: Float) throws {
        for seed in 0..<10 {
            let (graph, picture) = try network(seed, scale)
            for method in [Explanation.Method.gradcam, .layercam] {
                let request = ExplanationRequest(method: method, layers: [0], classes: [0, 2])
                let maps = try [Precision.float32, .fixed16].map { precision in
                    try Session(plan: Plan(graph, precision: precision))
                        .run([SessionInput(values: picture, explanation: request)])[0].explanations.map(\.values)
                }
                for (exact, half) in zip(maps[0], maps[1]) {
                    #expect(difference(half, exact.map(Double.init)) <= 2e-2, "graph \(seed), \(method)")
                }
            }
        }
    }

    /// A dynamic convolution, a generated one and two linear layers, with a norm behind each but the last.
    private func network(_ seed: Int, _ scale: Float) throws -> (Graph, [Float]) {
        var random = Random(seed + 4000)
        func scaled(_ shape: [Int]) -> Parameter {
            let parameter = random.parameter(shape)
            return Parameter(name: parameter.name, shape: shape, values: parameter.values.map { $0 * scale })
        }
        var builder = try GraphBuilder(inputShape: [6, 5, 7])
        let pooled = try builder.globalAveragePool(builder.input)
        let gate = try builder.softmax(builder.linear(pooled, weight: random.parameter([3, 6]), layer: "gate"), axis: 0)
        var y = try builder.dynamicConvolution(
            builder.input, kernels: scaled([3, 20, 6, 3, 3]), kernelAttention: gate, bias: scaled([20]), padding: 1, layer: "conv")
        y = builder.relu(try random.norm(&builder, y, "bn"))
        let kernel = try builder.linear(
            builder.globalAveragePool(y), weight: scaled([8 * 20, 20]), bias: scaled([8 * 20]), layer: "generator")
        y = try builder.generatedConvolution(
            y, base: scaled([8, 20, 1, 1]), baseBias: scaled([8]), generated: builder.reshape(kernel, to: [8, 20, 1, 1]), layer: "generated"
        )
        y = builder.relu(try random.norm(&builder, y, "bn2"))
        var z = try builder.linear(builder.flatten(y), weight: scaled([40, 8 * 35]), bias: scaled([40]), layer: "fc1")
        z = builder.relu(try random.norm(&builder, z, "bn1"))
        let logits = try builder.linear(z, weight: scaled([5, 40]), bias: scaled([5]), layer: "fc2")
        return (try builder.finish(output: logits), random.floats(builder.input.shape.reduce(1, *)))
    }

    /// In units of the reference's root mean square.
    private func difference(_ values: [Float], _ reference: [Double]) -> Double {
        let rms = (reference.reduce(0) { $0 + $1 * $1 } / Double(reference.count)).squareRoot()
        return (zip(values, reference).map { abs(Double($0) - $1) }.max() ?? .infinity) / max(rms, 1e-300)
    }
}
