import FoveaTesting
import Testing

@testable import FoveaGraph

/// Dynamic convolutions that stand still.
@Suite struct StaticConvolutionTests {
    /// x, and a convolution of it by kernels that are mixed, gated and scaled by what its channels' means say.
    private func graph(kernels count: Int, groups: Int, biasPerKernel: Bool, normed: Bool = false) throws -> Graph {
        var random = SystemRandom(seed: UInt64(count * 10 + groups))
        func parameter(_ name: String, _ shape: [Int]) -> Parameter {
            Parameter(name: name, shape: shape, values: (0..<shape.reduce(1, *)).map { _ in random.next() })
        }
        var graph = try GraphBuilder(inputShape: [4, 6, 5])
        let pooled = try graph.globalAveragePool(graph.input)
        func gate(_ count: Int, _ name: String) throws -> Value {
            graph.sigmoid(try graph.linear(pooled, weight: parameter(name, [count, 4]), layer: name))
        }
        let kernel = count == 1 ? nil : try graph.softmax(try gate(count, "kernel_fc"), axis: 0)
        let (spatial, input, output) = (try gate(9, "spatial_fc"), try gate(4, "channel_fc"), try gate(6, "filter_fc"))
        var y = try graph.dynamicConvolution(
            graph.input, kernels: parameter("conv.weight", [count, 6, 4 / groups, 3, 3]), kernelAttention: kernel, kernelSpatial: spatial,
            inputScale: input, outputScale: output, bias: parameter("conv.bias", biasPerKernel ? [count, 6] : [6]), stride: 2, padding: 1,
            groups: groups, layer: "conv")
        if normed {
            y = try graph.batchNorm(
                y, weight: nil, bias: nil, runningMean: parameter("bn.running_mean", [6]),
                runningVar: Parameter(name: "bn.running_var", shape: [6], values: .init(repeating: 2, count: 6)), layer: "bn")
        }
        return try graph.finish(output: graph.flatten(y))
    }

    /// Numbers from -1 to 1.
    private struct SystemRandom {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
    }

    private func picture(_ seed: UInt64) -> [Float] {
        var random = SystemRandom(seed: seed)
        return (0..<120).map { _ in random.next() }
    }

    private func attentions(_ graph: Graph, _ values: [Float]) throws -> [[Double]] {
        let taps = Array(graph.taps.indices)
        let output = try Session(plan: Plan(graph)).run([SessionInput(values: values, taps: taps)])
        return output[0].maps.map { $0.map(Double.init) }
    }

    @Test(arguments: [(1, 1, false), (3, 1, true), (3, 2, true), (2, 2, false)])
    func isTheDynamicOneOnThePictureOfItsAttentions(count: Int, groups: Int, biasPerKernel: Bool) throws {
        let graph = try graph(kernels: count, groups: groups, biasPerKernel: biasPerKernel)
        let layer = try #require(graph.dynamicLayers.first)
        #expect(layer.layer == "conv" && layer.inputShape == [4, 6, 5])
        let input = picture(3)
        let found = try attentions(graph.attentions(of: layer), input)
        #expect(found.map(\.count) == (count == 1 ? [9, 4, 6] : [count, 9, 4, 6]))
        // The layer convolves the picture itself.
        #expect(try attentions(graph.attentionsAlone(of: layer), input) == found)
        let (frozen, made) = try graph.freezing(layer, attentions: found)
        #expect(frozen.dynamicLayers.isEmpty)
        #expect(made.shape == [6, 4 / groups, 3, 3] && made.kernels == "conv.weight" && made.followingMean == nil)
        let (expected, same) = (try ReferenceExecutor(graph).run(input).logits, try ReferenceExecutor(frozen).run(input).logits)
        let largest = expected.map(abs).max() ?? 0
        #expect(zip(expected, same).allSatisfy { abs($0 - $1) < 1e-5 * largest })
        // On another picture it is not: nothing moves any more.
        let (other, still) = (try ReferenceExecutor(graph).run(picture(4)).logits, try ReferenceExecutor(frozen).run(picture(4)).logits)
        #expect(zip(other, still).contains { abs($0 - $1) > 1e-3 * largest })
    }

    @Test func tellsTheNormBehind() throws {
        let graph = try graph(kernels: 2, groups: 1, biasPerKernel: true, normed: true)
        let layer = try #require(graph.dynamicLayers.first)
        let made = try graph.freezing(layer, attentions: try attentions(graph.attentions(of: layer), picture(1))).made
        #expect(made.followingMean?.name == "bn.running_mean")
        #expect(made.bias?.count == 6)
    }

    @Test func refusesAttentionsOfAnotherLayer() throws {
        let graph = try graph(kernels: 2, groups: 1, biasPerKernel: true)
        let layer = try #require(graph.dynamicLayers.first)
        var found = try attentions(graph.attentions(of: layer), picture(1))
        #expect(throws: GraphError.self) { try graph.freezing(layer, attentions: Array(found.dropLast())) }
        found[1][0] = .infinity
        #expect(throws: GraphError.self) { try graph.freezing(layer, attentions: found) }
    }
}
