import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

@Suite struct SessionTests {
    @Test(arguments: [(RandomGraph.Sizes.few, 150), (.many, 30)])
    func matchesTheReferenceExecutorOverRandomGraphs(_ sizes: RandomGraph.Sizes, _ count: Int) throws {
        var (fused, taps) = (0, 0)
        for seed in 0..<count {
            let graph = try RandomGraph.make(seed, sizes)
            var random = Random(seed + 1000)
            let picture = random.floats(graph.nodes[0].count)
            let expected = try ReferenceExecutor(graph).run(picture)
            // A chain of products and divisions multiplies what its input was rounded by: how much, the reference shows on an input that is
            // one float32 rounding away in every element. Each of up to some thirty operations on the way rounds once more: 16 lies between
            // what adds up by chance, their number's root, and what adds up at worst. Beside it stand the 2e-5 of the last sums' own.
            let shaken = try ReferenceExecutor(graph).run(picture.map { random.int(0...1) == 0 ? $0.nextUp : $0.nextDown })
            let plan = Plan(graph)
            let input = SessionInput(values: picture, taps: Array(graph.taps.indices))
            let found = try Session(plan: plan).run([input])[0]
            #expect(
                error(found.logits, expected.logits) <= 2e-5 + 16 * error(shaken.logits.map(Float.init), expected.logits), "graph \(seed)")
            for (index, map) in expected.maps.enumerated() {
                let tolerance = 2e-5 + 16 * error(shaken.maps[index].map(Float.init), map)
                #expect(error(found.maps[index], map) <= tolerance, "graph \(seed), map \(index)")
            }
            fused += graph.nodes.count - plan.steps.count
            taps += graph.taps.count
        }
        #expect(fused > 2 * count && taps > count / 2)
    }

    @Test(arguments: [RandomGraph.Sizes.few, .many]) func batchAndThreadsDoNotChangeABit(_ sizes: RandomGraph.Sizes) throws {
        for seed in 0..<25 {
            let graph = try RandomGraph.make(seed, sizes)
            let plan = Plan(graph)
            var random = Random(seed + 2000)
            let inputs = (0..<Session.picturesPerPass).map { _ in
                SessionInput(values: random.floats(graph.nodes[0].count), taps: Array(graph.taps.indices))
            }
            let session = Session(plan: plan)
            let alone = try inputs.map { try session.run([$0])[0] }
            for (batch, threads) in [(1, 2), (2, 1), (2, 2), (5, 1), (5, 3), (8, 1), (8, 2), (1, 3)] {
                let found = try session.run(Array(inputs[..<batch]), threads: threads)
                for index in 0..<batch {
                    #expect(bits(found[index]) == bits(alone[index]), "graph \(seed), batch \(batch), \(threads) threads")
                }
            }
        }
    }

    /// Every step that the logits need has a time, whether pictures take it together or apart, and a name.
    @Test(arguments: [(1, 1), (3, 1), (3, 2), (Session.picturesPerPass + 1, 2)])
    func tellsWhatEachStepOfAPassTook(_ batch: Int, _ threads: Int) throws {
        for seed in 0..<25 {
            let graph = try RandomGraph.make(seed)
            let plan = Plan(graph)
            var random = Random(seed + 6000)
            let inputs = (0..<batch).map { _ in SessionInput(values: random.floats(graph.nodes[0].count)) }
            let start = ContinuousClock.now
            let times = try Session(plan: plan).stepTimes(of: inputs, threads: threads)
            let all = ContinuousClock.now - start
            #expect(times.count == plan.steps.count { $0.onlyForTaps == nil })
            #expect(times.allSatisfy { $0.time > .zero && !$0.kernel.isEmpty && $0.weightBytes >= 0 }, "graph \(seed)")
            #expect(times.reduce(.zero) { $0 + $1.time } <= all, "graph \(seed)")
        }
    }

    @Test func aStepIsToldByItsModuleAndItsKernel() throws {
        var builder = try GraphBuilder(inputShape: [3, 16, 16])
        let weight = Parameter(name: "conv.weight", shape: [64, 3, 3, 3], values: [Float](repeating: 0.1, count: 64 * 27))
        let head = Parameter(name: "fc.weight", shape: [10, 64], values: [Float](repeating: 0.1, count: 640))
        let map = builder.relu(try builder.convolution(builder.input, weight: weight, padding: 1, layer: "conv"))
        let pooled = try builder.globalAveragePool(map, layer: "pool")
        let graph = try builder.finish(output: try builder.linear(pooled, weight: head, layer: "fc"))
        let picture = SessionInput(values: [Float](repeating: 1, count: 3 * 256))
        let times = try Session(plan: Plan(graph)).stepTimes(of: [picture])
        #expect(times.map(\.layer) == ["conv", "pool", "fc"])
        #expect(times.map(\.kernel) == ["picture, 3×3", "reduction of positions", "linear"])
        #expect(times.map { [$0.channels, $0.area] } == [[64, 256], [64, 1], [10, 1]])
        #expect(times.map(\.weightBytes) == [4 * 64 * 27, 0, 4 * 16 * 64])
    }

    /// Row-major kernels' weights count too, as often as they are stored.
    @Test func aStepTellsTheWeightsThatItReads() throws {
        var builder = try GraphBuilder(inputShape: [4, 6, 6])
        func weight(_ shape: [Int]) -> Parameter {
            Parameter(name: "weight", shape: shape, values: [Float](repeating: 0.1, count: shape.reduce(1, *)))
        }
        let x = builder.input
        let gate = try builder.softmax(builder.linear(builder.globalAveragePool(x), weight: weight([3, 4]), layer: "gate"), axis: 0)
        let mixed = try builder.dynamicConvolution(
            x, kernels: weight([3, 4, 2, 3, 3]), kernelAttention: gate, padding: 1, groups: 2, layer: "mixed")
        let offset = try builder.convolution(x, weight: weight([18, 4, 3, 3]), padding: 1, layer: "offset")
        let moved = try builder.deformableConvolution(x, offset: offset, weight: weight([4, 4, 3, 3]), padding: 1, layer: "moved")
        let kernel = try builder.reshape(builder.linear(gate, weight: weight([72, 3]), layer: "generator"), to: [4, 2, 3, 3])
        let generated = try builder.generatedConvolution(
            x, base: weight([4, 2, 3, 3]), generated: kernel, padding: 1, groups: 2, layer: "generated")
        let bare = try builder.generatedConvolution(x, base: nil, generated: kernel, padding: 1, groups: 2, layer: "bare")
        let plane = try builder.convolution(builder.mean(x, axis: 0), weight: weight([2, 1, 3, 3]), padding: 1, layer: "plane")
        let rows = try builder.convolution(plane, weight: weight([1, 2, 3, 3]), stride: 2, padding: 1, layer: "rows")
        let sums = try builder.add(builder.add(mixed, moved), builder.add(generated, bare))
        let logits = try builder.concatenate([builder.globalAveragePool(sums), builder.globalAveragePool(rows)])
        let times = try Session(plan: Plan(builder.finish(output: logits)))
            .stepTimes(of: [SessionInput(values: [Float](repeating: 1, count: 144))])
        func bytes(_ layer: String) -> Int { times.filter { $0.layer == layer }.reduce(0) { $0 + $1.weightBytes } }
        #expect(["mixed", "moved", "generated", "bare", "plane", "rows"].map(bytes) == [4 * 216, 4 * 144, 4 * 72, 0, 4 * 18, 4 * 18])
    }

    @Test func sessionsShareTheHelpersOfTheirPool() throws {
        let pool = TeamPool(threads: 4)
        var sessions: [Session] = []
        for seed in 0..<12 {
            let graph = try RandomGraph.make(seed)
            var random = Random(seed + 4000)
            let input = SessionInput(values: random.floats(graph.nodes[0].count), taps: Array(graph.taps.indices))
            let session = Session(plan: Plan(graph), teams: pool)
            sessions.append(session)
            let alone = try session.run([input])[0]
            // More than the pool has are asked for too.
            for threads in [4, 2, 3, 9] {
                let found = try session.run([input], threads: threads)[0]
                #expect(bits(found) == bits(alone), "graph \(seed), \(threads) threads")
            }
        }
        #expect(sessions.count == 12 && (3...TeamPool.mostHelpers(threads: 4)).contains(pool.helpers))
    }

    @Test func untappedMapsChangeNothingAndOrderIsTheRequests() throws {
        let graph = try RandomGraph.make(7)
        try #require(graph.taps.count >= 2)
        let session = Session(plan: Plan(graph))
        var random = Random(1)
        let picture = random.floats(graph.nodes[0].count)
        let all = try session.run([SessionInput(values: picture, taps: Array(graph.taps.indices))])[0]
        let none = try session.run([SessionInput(values: picture)])[0]
        #expect(none.maps.isEmpty && none.logits == all.logits)
        let two = try session.run([SessionInput(values: picture, taps: [1, 0, 1])])[0]
        #expect(two.maps == [all.maps[1], all.maps[0], all.maps[1]])
    }

    @Test func aMapThatTheLogitsDoNotNeedIsOnlyComputedWhenAsked() throws {
        var builder = try GraphBuilder(inputShape: [2, 3, 3])
        let pooled = try builder.globalAveragePool(builder.input)
        let mean = try builder.mean(builder.input, axis: 0)
        try builder.tap(mean, layer: "a", kind: .spatial, shape: [3, 3])
        let plan = Plan(try builder.finish(output: pooled))
        #expect(plan.steps.map { $0.onlyForTaps == nil } == [true, false])
        let values = (0..<18).map(Float.init)
        let output = try Session(plan: plan).run([SessionInput(values: values, taps: [0])])[0]
        #expect(output.logits == [4, 13])
        #expect(output.maps == [(0..<9).map { Float($0) + 4.5 }])
    }

    @Test func refusesAWrongLengthAndAnUnknownMap() throws {
        let graph = try RandomGraph.make(3)
        let session = Session(plan: Plan(graph))
        let count = graph.nodes[0].count
        #expect(throws: GraphError.self) { try session.run([SessionInput(values: [1, 2])]) }
        #expect(throws: GraphError.self) { try session.run([SessionInput(values: [Float](repeating: 0, count: count + 1))]) }
        let values = [Float](repeating: 0, count: count)
        #expect(throws: GraphError.self) { try session.run([SessionInput(values: values, taps: [graph.taps.count])]) }
        #expect(throws: GraphError.self) { try session.run([SessionInput(values: values, taps: [-1])]) }
        #expect(try session.run([]).isEmpty)
        #expect(try session.run([SessionInput(values: values)])[0].logits.count == graph.numClasses)
    }

    @Test func anUnwantedPictureIsGivenUp() throws {
        let graph = try RandomGraph.make(3)
        let session = Session(plan: Plan(graph))
        let input = SessionInput(values: [Float](repeating: 0.5, count: graph.nodes[0].count))
        let outputs = try session.run([input, input, input], threads: 2) { $0 != 1 }
        #expect(outputs.map(\.logits.isEmpty) == [false, true, false])
    }

    private func bits(_ output: SessionOutput) -> [[UInt32]] {
        ([output.logits] + output.maps).map { $0.map(\.bitPattern) }
    }
}
