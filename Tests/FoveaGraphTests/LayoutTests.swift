import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

/// Changes of layout that a map asks for first, and the logits after it.
@Suite struct LayoutTests {
    private typealias Read = @Sendable (inout GraphBuilder, Value) throws -> Value

    /// What reads a map of [32, 6, 6] as it lies, without a need of its own for another layout.
    private static let reads: [Read] = [
        { builder, x in builder.relu(x) },
        { builder, x in try builder.maxPool(x, kernel: 3, stride: 2) },
        { builder, x in try builder.upsampleNearest(x, to: (9, 7)) },
        { builder, x in try builder.adaptiveAveragePool(x, to: (2, 3)) },
        { builder, x in try builder.mean(x, axis: 0) },
        { builder, x in try builder.reshape(builder.globalMaxPool(x), to: [32, 1, 1]) },
        { builder, x in builder.relu(try builder.slice(x, axis: 0, from: 16, to: 32)) },
        { builder, x in try builder.slice(x, axis: 0, from: 16, to: 32) },
        { builder, x in try builder.concatenate([x, builder.relu(x)]) },
        { builder, x in try builder.multiply(builder.mean(x, axis: 0), x) },
        { builder, x in try builder.add(builder.scale(x, by: 2), builder.slice(x, axis: 1, from: 0, to: 1)) },
    ]

    @Test(arguments: reads.indices) func whatAMapLaidOutIsThereForTheLogits(_ read: Int) throws {
        var random = Random(30)
        var builder = try GraphBuilder(inputShape: [32, 6, 6])
        // Row-major values, which the tapped convolutions read as blocks.
        for (index, x) in [builder.input, try builder.softmax(builder.input, axis: 0)].enumerated() {
            let side = try builder.convolution(x, weight: random.parameter([3, 32, 3, 3]), layer: "side\(index)")
            try builder.tap(side, layer: "side\(index)", kind: .spatial, shape: side.shape)
        }
        let x = Value(shape: [32, 6, 6], node: 1)
        let y = try builder.add(
            builder.globalAveragePool(Self.reads[read](&builder, builder.input)), builder.globalAveragePool(Self.reads[read](&builder, x)))
        try expectTheReferences(builder.finish(output: y))
    }

    /// A generated kernel that a convolution for a map alone reads as a picture of 16 channels, and then one for the logits.
    @Test func aChangeOfLayoutBringsTheOneBeforeIt() throws {
        var random = Random(31)
        var builder = try GraphBuilder(inputShape: [4, 6, 6])
        let scores = try builder.linear(
            builder.globalAveragePool(builder.input), weight: random.parameter([64 * 9, 4]), bias: random.parameter([64 * 9]), layer: "fc")
        let y = try builder.generatedConvolution(
            builder.input, base: nil, generated: builder.reshape(scores, to: [16, 4, 3, 3]), padding: 1, layer: "conv")
        let picture = try builder.reshape(scores, to: [16, 6, 6])
        let side = try builder.convolution(picture, weight: random.parameter([3, 16, 1, 1]), layer: "side")
        try builder.tap(side, layer: "side", kind: .spatial, shape: side.shape)
        let z = try builder.convolution(picture, weight: random.parameter([16, 16, 3, 3]), padding: 1, layer: "conv2")
        try expectTheReferences(builder.finish(output: builder.globalAveragePool(builder.add(y, z))))
    }

    /// Of a norm that nothing reads, of one that only a map reads, and of one that the logits read too.
    @Test(arguments: [0, 1, 2]) func similaritiesInGroupsTakeInNothingThatOthersRead(_ readers: Int) throws {
        var builder = try GraphBuilder(inputShape: [8, 4, 4])
        let means = try builder.reshape(builder.globalAveragePool(builder.input), to: [2, 1, 4])
        let products = try builder.matrixProduct(means, builder.reshape(builder.input, to: [2, 4, 16]))
        let norm = try builder.standardize(builder.reshape(products, to: [2, 16]), axis: 1, epsilon: 1e-5)
        if readers > 0 { try builder.tap(norm, layer: "norm", kind: .spatial, shape: norm.shape) }
        let logits = builder.flatten(builder.sigmoid(readers > 1 ? norm : products))
        let graph = try builder.finish(output: logits)
        let groups = Plan(graph).steps.count { if case .map(.groupSimilarity) = $0.kernel { true } else { false } }
        #expect(groups == (readers > 1 ? 1 : 0))
        try expectTheReferences(graph)
    }

    /// Without the maps, and with them; memory holds what the picture before left there.
    private func expectTheReferences(_ graph: Graph) throws {
        var random = Random(32)
        let session = Session(plan: Plan(graph))
        for taps in [[], Array(graph.taps.indices), []] {
            let picture = random.floats(graph.nodes[0].count)
            let expected = try ReferenceExecutor(graph).run(picture)
            let found = try session.run([SessionInput(values: picture, taps: taps)])[0]
            #expect(error(found.logits, expected.logits) <= 1e-5, "maps \(taps)")
            for (map, tap) in zip(found.maps, taps) { #expect(error(map, expected.maps[tap]) <= 1e-5, "map \(tap)") }
        }
    }
}
