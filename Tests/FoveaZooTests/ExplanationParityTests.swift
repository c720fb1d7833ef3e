import Foundation
import FoveaCheckpoints
import FoveaGraph
import Testing

@testable import FoveaZoo

/// Explanations against pytorch-grad-cam's, which are Captum's too (`weights/recipes/explanations.py`).
@Suite struct ExplanationParityTests {
    private static let methods: [Explanation.Method] = [.gradcam, .hirescam, .layercam]

    @Test(arguments: Fixture.all)
    func everyLayerAndMethod(fixture: Fixture) throws {
        let graph = try Network(directory: fixture.directory).graph
        let plan = Plan(graph)
        let session = Session(plan: plan)
        let tensors = try Checkpoint(file: fixture.directory.appending(component: "explanations.safetensors"))
        let classes = try #require(tensors.tensors["classes"]).floats().map { Int($0) }
        let pictures = try Oracle(try fixture.expected()).pictures("input")
        // The oracle explains the last modules; a small network offers more.
        let layers = plan.explanationLayers.indices.filter { tensors.tensors["\(plan.explanationLayers[$0].name)/gradcam"] != nil }
        #expect(layers.contains(0), "\(plan.explanationLayers[0].name)")
        for method in Self.methods {
            let request = ExplanationRequest(method: method, layers: layers, classes: classes)
            let alone = try session.run([SessionInput(values: pictures[0], explanation: request)])
            // Five pictures at once, the others in between not the oracle's and of other wishes.
            let other = ExplanationRequest(method: .hirescam, layers: [layers[0]])
            let batch = try session.run(
                [
                    SessionInput(values: pictures[1], explanation: request), SessionInput(values: pictures[1].map { $0 * 0.5 }),
                    SessionInput(values: pictures[1].map { $0 - 1 }, explanation: other),
                    SessionInput(values: pictures[0], explanation: request), SessionInput(values: pictures[0], explanation: other),
                ], threads: 2)
            #expect(batch[1].explanations.isEmpty && batch[2].explanations.count == 1)
            #expect(bits(alone[0]) == bits(batch[3]))
            for (index, output) in [alone[0], batch[0]].enumerated() {
                #expect(output.explanations.count == layers.count * classes.count)
                for map in output.explanations {
                    let name = "\(plan.explanationLayers[map.layer].name)/\(method.rawValue)"
                    let expected = try Self.map(tensors, name, picture: index, place: try #require(classes.firstIndex(of: map.classIndex)))
                    #expect(map.method == method)
                    #expect(Self.error(map.values, expected) <= 1e-4, "\(name) of class \(map.classIndex)")
                }
            }
        }
        guard plan.hasExactCAM else { return }
        let request = ExplanationRequest(method: .cam, classes: classes)
        let outputs = try session.run(pictures.map { SessionInput(values: $0, explanation: request) })
        for (index, output) in outputs.enumerated() {
            #expect(output.explanations.count == classes.count)
            for (place, map) in output.explanations.enumerated() {
                // Each weight of the pooled head is the gradient times the positions.
                let name = "\(plan.explanationLayers[0].name)/gradcam"
                let expected = try Self.map(tensors, name, picture: index, place: place).map { $0 * Float(map.values.count) }
                #expect(Self.error(map.values, expected) <= 1e-4)
            }
        }
    }

    /// Where the best class is explained, it is the one with the greatest logit, and the same map as where it is named.
    @Test(arguments: ["se-basic", "vgg16-local-wide", "resnet18"])
    func theBestClassIsTheGreatestLogits(name: String) throws {
        let fixture = Fixture(name: name)
        let session = Session(plan: Plan(try Network(directory: fixture.directory).graph))
        for picture in try Oracle(try fixture.expected()).pictures("input") {
            let output = try session.run([SessionInput(values: picture, explanation: ExplanationRequest(method: .cam))])[0]
            let best = try #require(output.logits.indices.max { output.logits[$0] < output.logits[$1] })
            #expect(output.explanations.map(\.classIndex) == [best])
            let named = ExplanationRequest(method: .cam, classes: [best == 0 ? 1 : 0, best])
            let both = try session.run([SessionInput(values: picture, explanation: named)])[0]
            #expect(both.explanations[1].values.map(\.bitPattern) == output.explanations[0].values.map(\.bitPattern))
            #expect(both.explanations[0].values != both.explanations[1].values)
        }
    }

    /// What a pass computes for others does not change when something is explained, and nothing is kept for those who ask for nothing.
    @Test(arguments: ["vgg16-local-wide", "cbam-basic"])
    func logitsAndMapsAreTheSame(name: String) throws {
        let fixture = Fixture(name: name)
        let graph = try Network(directory: fixture.directory).graph
        let session = Session(plan: Plan(graph))
        let picture = try Oracle(try fixture.expected()).pictures("input")[0]
        let taps = Array(graph.taps.indices)
        let plain = try session.run([SessionInput(values: picture, taps: taps)])[0]
        let request = ExplanationRequest(method: .gradcam, layers: Array(Plan(graph).explanationLayers.indices))
        let explained = try session.run([SessionInput(values: picture, taps: taps, explanation: request)])[0]
        #expect(plain.logits == explained.logits && plain.maps == explained.maps && plain.explanations.isEmpty)
    }

    @Test func whatCannotBeExplainedIsRefused() throws {
        let fixture = Fixture(name: "odconv-basic")
        let graph = try Network(directory: fixture.directory).graph
        let plan = Plan(graph)
        // The way further back leads through a convolution whose kernel is mixed for each picture.
        #expect(plan.explanationLayers.map(\.name) == ["layer2.0", "layer2.0.bn2"])
        let session = Session(plan: plan)
        let values = [Float](repeating: 0, count: graph.inputShape.reduce(1, *))
        for request in [
            ExplanationRequest(method: .cam, layers: [2]), ExplanationRequest(method: .gradcam, layers: [-1]),
            ExplanationRequest(method: .cam, classes: [graph.numClasses]), ExplanationRequest(method: .cam, classes: [-1]),
            ExplanationRequest(method: .cam, classes: [0, 1, 2, 0, 1, 2]),
        ] {
            #expect(throws: GraphError.self) { try session.run([SessionInput(values: values, explanation: request)]) }
        }
    }

    private func bits(_ output: SessionOutput) -> [[UInt32]] { output.explanations.map { $0.values.map(\.bitPattern) } }

    /// One class's map of one picture, of a tensor [pictures, classes, H, W].
    private static func map(_ tensors: Checkpoint, _ name: String, picture: Int, place: Int) throws -> [Float] {
        let tensor = try #require(tensors.tensors[name], "\(name)")
        let values = try tensor.floats()
        let size = tensor.shape[2] * tensor.shape[3]
        let start = (picture * tensor.shape[1] + place) * size
        return Array(values[start..<start + size])
    }

    /// The largest difference as a share of the expected map's range; of its distance from 0 where the map is flat, or a single position.
    private static func error(_ values: [Float], _ expected: [Float]) -> Float {
        let (least, greatest) = (expected.min() ?? 0, expected.max() ?? 0)
        let span = max(greatest, 0) - min(least, 0)
        let range = greatest - least > 0.01 * span ? greatest - least : span
        return largestDifference(values, expected) / max(range, 1e-20)
    }
}
