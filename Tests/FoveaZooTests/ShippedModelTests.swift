import CAllocationCount
import Foundation
import FoveaCompute
import Testing

@testable import FoveaGraph
@testable import FoveaZoo

/// What the models in `weights/` take.
@Suite struct ShippedModelTests {
    static let models: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../weights").standardizedFileURL
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { folder.appending(component: $0) }.filter {
            FileManager.default.fileExists(atPath: $0.appending(component: "model.safetensors").path)
        }
    }()

    @Test func thereAreSome() { #expect(Self.models.count >= 5) }

    @Test(.enabled(if: fovea_counts_allocations()), arguments: models)
    func aPassAllocatesItsResultsAlone(_ model: URL) throws {
        let plan = Plan(try Network(directory: model).graph)
        let session = Session(plan: plan)
        let picture = (0..<plan.inputShape.reduce(1, *)).map { Float($0 % 17) / 8 - 1 }
        for (batch, taps) in [(1, []), (1, Array(plan.taps.indices)), (8, [])] {
            let inputs = [SessionInput](repeating: SessionInput(values: picture, taps: taps), count: batch)
            _ = try session.run(inputs)
            let before = fovea_allocations()
            let outputs = try session.run(inputs)
            let allocated = fovea_allocations() - before
            // The list of outputs; of each its logits, and where maps are asked for, their list and each of them.
            #expect(outputs.count == batch && allocated == 1 + batch * (taps.isEmpty ? 1 : 2 + taps.count), "batch \(batch)")
        }
    }

    /// What packing adds to the parameters: padding, and the filters that small Winograd layers store transformed.
    @Test(arguments: models) func packedWeightsAreAQuarterLargerThanTheParametersAtMost(_ model: URL) throws {
        let graph = try Network(directory: model).graph
        let plan = Plan(graph)
        #expect(Double(plan.constants.count) <= 1.25 * Double(graph.parameters))
        #expect(Plan(graph, precision: .fixed16).constants.count < plan.constants.count)
        // Beside them stands what explanations go back through.
        let kept = plan.explanation?.weightCount ?? 0
        #expect(kept <= 1 << 17 && plan.weightBytes == 4 * (plan.constants.count + kept))
    }
}
