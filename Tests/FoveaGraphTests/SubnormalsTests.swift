import FoveaCompute
import Testing

@testable import FoveaGraph

#if arch(x86_64)
/// Each of them would cost a hundred times what another number does.
@Suite struct SubnormalsTests {
    @Test(arguments: [1, 2]) func areZerosInAPassAndNowhereElse(threads: Int) throws {
        var builder = try GraphBuilder(inputShape: [64, 1, 1])
        let tiny = Float.leastNormalMagnitude / 4
        let weight = Parameter(name: "fc.weight", shape: [2048, 64], values: [Float](repeating: tiny, count: 2048 * 64))
        let logits = try builder.linear(builder.flatten(builder.input), weight: weight, layer: "fc")
        let session = Session(plan: Plan(try builder.finish(output: logits)))
        let input = SessionInput(values: [Float](repeating: 1e20, count: 64))
        for _ in 0..<20 { #expect(try session.run([input], threads: threads)[0].logits.allSatisfy { $0 == 0 }) }
        #expect(weight.values[0] * input.values[0] > 0)
        #expect(Subnormals.flushed { weight.values[1] * input.values[1] } == 0)
    }
}
#endif
