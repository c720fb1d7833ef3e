import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

/// What a value is when several nodes read it, some of them for maps alone.
@Suite struct LayoutTests {
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
