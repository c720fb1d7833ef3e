import FoveaCompute
import FoveaTesting
import Synchronization
import Testing

@testable import FoveaGraph

/// The way back of a small network whose head is no global pooling: a map, then linear layers.
@Suite struct ExplanationRunTests {
    /// Whenever a picture is given up, on the way to the logits or back, it has nothing, and the others have what they have alone.
    @Test(arguments: Explanation.Method.allCases, [1, 2])
    func aPictureThatIsGivenUpHasNoMapAndChangesNoOther(_ method: Explanation.Method, _ threads: Int) throws {
        let plan = Plan(try network { builder, x, random in try random.norm(&builder, x, "bn") })
        #expect(!plan.hasExactCAM)
        var random = Random(11)
        let classes = [[0, 3], [1, 2], [4]]
        let inputs = classes.map { classes in
            SessionInput(values: positive(&random), explanation: ExplanationRequest(method: method, classes: classes))
        }
        let session = Session(plan: plan)
        let whole = try session.run(inputs, threads: threads).map(bits)
        let asked = Mutex(0)
        _ = try session.run(inputs, threads: threads) { picture in
            if picture == 1 { asked.withLock { $0 += 1 } }
            return true
        }
        // Once before each step, and on the way back before each node of each class.
        let moments = asked.withLock { $0 }
        #expect(moments > plan.steps.count)
        for moment in 0...moments {
            let left = Mutex(moment)
            let found = try session.run(inputs, threads: threads) { picture in
                picture != 1
                    || left.withLock { left in
                        left -= 1
                        return left >= 0
                    }
            }
            #expect(bits(found[0]) == whole[0] && bits(found[2]) == whole[2], "given up at \(moment)")
            if moment < moments {
                #expect(found[1].logits.isEmpty && found[1].explanations.isEmpty && found[1].saved.isEmpty, "given up at \(moment)")
            } else {
                #expect(bits(found[1]) == whole[1])
            }
        }
        // All of them at once, when the last step is done.
        let left = Mutex(inputs.count * plan.steps.count)
        let none = try session.run(inputs, threads: threads) { _ in
            left.withLock { left in
                left -= 1
                return left >= 0
            }
        }
        #expect(none.allSatisfy { $0.logits.isEmpty && $0.explanations.isEmpty })
    }

    /// What stands behind the first of two linear layers: norms that are all multiplied into its weights, through reshapes too, and one that cannot be.
    private static let norms: [@Sendable (inout GraphBuilder, Value, inout Random) throws -> Value] = [
        { builder, x, random in try random.norm(&builder, x, "bn") },
        { builder, x, random in try random.affine(&builder, random.norm(&builder, x, "bn"), "affine") },
        { builder, x, random in
            let map = try builder.reshape(random.norm(&builder, x, "bn"), to: [x.shape[0], 1])
            return try random.affine(&builder, builder.flatten(random.norm(&builder, map, "bn2")), "affine")
        },
        { builder, x, random in
            let pairs = try builder.reshape(random.norm(&builder, x, "bn"), to: [2, x.shape[0] / 2])
            return try random.affine(&builder, builder.flatten(random.norm(&builder, pairs, "bn2")), "affine")
        },
    ]

    @Test(arguments: norms.indices, [Explanation.Method.gradcam, .hirescam, .layercam])
    func gradientsThroughNormsBehindALinearLayerAreTheReferences(_ norms: Int, _ method: Explanation.Method) throws {
        let graph = try network(Self.norms[norms])
        var random = Random(12 + norms)
        let values = positive(&random)
        let request = ExplanationRequest(method: method, classes: [0, 2])
        let output = try Session(plan: Plan(graph)).run([SessionInput(values: values, explanation: request)])[0]
        #expect(output.explanations.count == 2)
        for map in output.explanations {
            let expected = try Self.map(method, values, gradient(of: graph, at: values, classIndex: map.classIndex), channels: 4)
            #expect(error(map.values, expected) <= 1e-4, "class \(map.classIndex)")
        }
    }

    @Test func aClassActivationMapIsThatOfTheHeadsInputAlone() throws {
        var random = Random(13)
        var builder = try GraphBuilder(inputShape: [4, 5, 6])
        var x = builder.relu(builder.input, layer: "first")
        x = try builder.maxPool(x, kernel: 3, stride: 1, padding: 1, layer: "last")
        let logits = try builder.linear(builder.globalAveragePool(x), weight: random.parameter([5, 4]), layer: "fc")
        let plan = Plan(try builder.finish(output: logits))
        #expect(plan.hasExactCAM && plan.explanationLayers.map(\.name).prefix(1) == ["last"] && plan.explanationLayers.count > 1)
        let session = Session(plan: plan)
        func run(_ method: Explanation.Method, _ layers: [Int]) throws -> [Explanation] {
            let values = [Float](repeating: 1, count: 4 * 30)
            return try session.run([SessionInput(values: values, explanation: ExplanationRequest(method: method, layers: layers))])[0]
                .explanations
        }
        let cam = try run(.cam, [0])
        #expect(cam.count == 1 && cam[0].values.count == 30)
        for layers in [[1], [0, 1], [1, 0], []] { #expect(throws: GraphError.self, "\(layers)") { try run(.cam, layers) } }
        #expect(try run(.gradcam, [1, 0]).map(\.layer) == [1, 0])
    }

    // MARK: -

    /// A map of [4, 5, 6] that is its picture where that is positive, 40 numbers of it, what `norms` makes of them, and five logits.
    private func network(_ norms: (inout GraphBuilder, Value, inout Random) throws -> Value) throws -> Graph {
        var random = Random(10)
        var builder = try GraphBuilder(inputShape: [4, 5, 6])
        let map = builder.relu(builder.input, layer: "map")
        let hidden = try builder.linear(
            builder.flatten(map), weight: random.parameter([40, 120]), bias: random.parameter([40]), layer: "fc1")
        let y = builder.relu(try norms(&builder, hidden, &random))
        let logits = try builder.linear(y, weight: random.parameter([5, 40]), bias: random.parameter([5]), layer: "fc2")
        return try builder.finish(output: logits)
    }

    private func positive(_ random: inout Random) -> [Float] { random.floats(120).map { 1 + $0 / 2 } }

    /// ∂logit/∂picture by central differences, which are exact where a network is linear from one picture to the other.
    private func gradient(of graph: Graph, at values: [Float], classIndex: Int) throws -> [Double] {
        let reference = ReferenceExecutor(graph)
        return try values.indices.map { index in
            var (low, high) = (values, values)
            low[index] -= 0x1p-18
            high[index] += 0x1p-18
            let (below, above) = (try reference.run(low).logits[classIndex], try reference.run(high).logits[classIndex])
            return (above - below) / Double(high[index] - low[index])
        }
    }

    private static func map(_ method: Explanation.Method, _ map: [Float], _ gradient: [Double], channels: Int) -> [Double] {
        let area = map.count / channels
        return (0..<area).map { position in
            (0..<channels).reduce(0) { sum, channel in
                let g = gradient[channel * area + position]
                let weight =
                    switch method {
                    case .cam, .gradcam: gradient[channel * area..<(channel + 1) * area].reduce(0, +) / Double(area)
                    case .hirescam: g
                    case .layercam: max(g, 0)
                    }
                return sum + weight * Double(map[channel * area + position])
            }
        }
    }

    private func bits(_ output: SessionOutput) -> [[UInt32]] {
        ([output.logits] + output.explanations.map(\.values)).map { $0.map(\.bitPattern) }
    }
}

extension Random {
    fileprivate mutating func affine(_ builder: inout GraphBuilder, _ x: Value, _ layer: String) throws -> Value {
        try builder.affine(x, weight: positive(x.shape[0]), bias: parameter([x.shape[0]]), layer: layer)
    }
}
