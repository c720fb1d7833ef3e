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

    private func bits(_ output: SessionOutput) -> [[UInt32]] {
        ([output.logits] + output.explanations.map(\.values)).map { $0.map(\.bitPattern) }
    }
}
