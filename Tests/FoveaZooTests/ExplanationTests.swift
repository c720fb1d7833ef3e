import FoveaCheckpoints
import FoveaGraph
import Testing

@testable import FoveaZoo

/// Class activation maps of every network family.
@Suite struct ExplanationTests {
    /// The mean of an exact class activation map and the class's bias are the logit.
    @Test(arguments: Fixture.all)
    func aClassActivationMapAddsUpToTheLogit(fixture: Fixture) throws {
        let graph = try Network(directory: fixture.directory).graph
        let plan = Plan(graph)
        #expect(!plan.explanationLayers.isEmpty)
        guard plan.hasExactCAM else {
            #expect(fixture.name.contains("vgg"), "a pooled linear head has a class activation map")
            return
        }
        let weights = try Checkpoint(directory: fixture.directory)
        let bias = try #require(["fc.bias", "last_linear.bias", "head.fc.bias"].lazy.compactMap { weights.tensors[$0] }.first).floats()
        let classes = Array(0..<min(graph.numClasses, ExplanationRequest.maxClasses))
        let request = ExplanationRequest(method: .cam, classes: classes)
        let pictures = try Oracle(try fixture.expected()).pictures("input")
        let outputs = try Session(plan: plan).run(pictures.map { SessionInput(values: $0, explanation: request) })
        for output in outputs {
            let largest = output.logits.map(abs).max() ?? 0
            #expect(output.explanations.map(\.classIndex) == classes && output.explanations.allSatisfy { $0.method == .cam })
            for map in output.explanations {
                let mean = map.values.reduce(0) { $0 + Double($1) } / Double(map.values.count)
                #expect(abs(Float(mean) + bias[map.classIndex] - output.logits[map.classIndex]) <= 2e-5 * largest)
            }
        }
    }
}
