import Foundation
import FoveaCheckpoints
import FoveaGraph
import FoveaZoo
import Testing

@testable import FoveaServing

/// Networks made static, against what `weights/recipes/static_fixtures.py` computed: the dynamic network in PyTorch and float64, each of its
/// attentions replaced by its mean over the same inputs.
@Suite struct StaticConversionTests {
    static let cases = [
        "dyconv-basic", "dyconv-vgg", "dyconv-bottleneck", "dynamic-basic", "dynamic-vgg", "odconv-basic", "odconv-vgg-bn",
        "odconv-grouped",
        "odresnet18-two-kernels", "od-resnet18", "dy-resnet18", "odresnet-cifar10",
    ]
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private let folder: TemporaryFolder
    private let expected: Checkpoint

    init() throws {
        folder = try TemporaryFolder()
        expected = try Checkpoint(file: Self.tests.appending(path: "FoveaServingTests/Fixtures/static.safetensors"))
    }

    private func model(_ name: String) -> URL {
        name.hasSuffix("cifar10")
            ? Self.tests.deletingLastPathComponent().appending(path: "weights/\(name)")
            : Self.tests.appending(path: "FoveaZooTests/Fixtures/\(name)")
    }

    /// A tensor of the fixtures as one list for each picture.
    private func rows(_ name: String) throws -> [[Float]] {
        let tensor = try #require(expected.tensors[name])
        let (values, count) = (try tensor.floats(), tensor.shape[0])
        let length = values.count / count
        return (0..<count).map { Array(values[($0 * length)..<(($0 + 1) * length)]) }
    }

    private func convert(
        _ name: String, to target: String, as type: StoredType = .f32, _ prepare: (inout StaticConversion) throws -> Void
    ) throws -> (network: Network, report: ModelConversion.Report) {
        var conversion = StaticConversion(calibration: [], evaluation: [])
        try prepare(&conversion)
        let destination = folder.url.appending(path: target)
        let report = try ModelConversion(source: model(name), destination: destination, storedType: type)
            .run(static: conversion) { try Data(contentsOf: model(name).appending(path: "config.json")) }
        return (try Network(directory: destination), report)
    }

    private func logits(_ network: Network, _ inputs: [[Float]]) throws -> [[Float]] {
        try Session(plan: Plan(network.graph)).run(inputs.map { SessionInput(values: $0) }).map(\.logits)
    }

    /// The largest difference over the largest number.
    private func error(_ found: [[Float]], _ expected: [[Float]]) -> Float {
        let largest = expected.joined().map(abs).max() ?? 0
        return zip(found.joined(), expected.joined()).map { abs($0 - $1) }.max().map { $0 / largest } ?? .infinity
    }

    @Test(arguments: cases) func equalsTheNetworkWithItsAttentionsFrozen(name: String) throws {
        let inputs = try rows("\(name)/inputs")
        let (network, report) = try convert(name, to: name) { $0.inputs = inputs }
        let found = try logits(network, inputs)
        #expect(error(found, try rows("\(name)/static")) < 1e-4)
        // And it is another network than the one that it was made of.
        #expect(error(found, try rows("\(name)/dynamic")) > 1e-3)
        #expect(network.graph.dynamicLayers.isEmpty)
        #expect(network.graph.taps.isEmpty)
        let dynamic = try Network(directory: model(name))
        #expect(report.staticLayers.count == dynamic.graph.dynamicLayers.count)
        #expect(network.parameters < dynamic.parameters)
        #expect(network.configuration.labels == dynamic.configuration.labels)
        #expect(network.configuration.preprocessing == dynamic.configuration.preprocessing)
    }

    @Test func keepsTheTypeOfTheStoredKernels() throws {
        let inputs = try rows("odresnet-cifar10/inputs")
        let (_, report) = try convert("odresnet-cifar10", to: "half", as: .keep) { $0.inputs = inputs }
        let stored = try Checkpoint(directory: folder.url.appending(path: "half"))
        #expect(Set(stored.tensors.values.map(\.scalarType)) == [.float16])
        #expect(report.architecture == "resnet18")
        #expect(report.parameters == 701_466)
    }

    @Test func noiseIsTheSameOnEveryRunAndOtherThanPictures() throws {
        let inputs = try rows("odconv-basic/inputs")
        func noise(_ conversion: inout StaticConversion) {
            conversion = StaticConversion(calibration: [], evaluation: [], method: .noise)
        }
        let first = try logits(convert("odconv-basic", to: "first", noise).network, inputs)
        let second = try logits(convert("odconv-basic", to: "second", noise).network, inputs)
        #expect(first == second)
        #expect(error(first, try rows("odconv-basic/static")) > 1e-3)
    }

    @Test func refusesWhatHasNoPlainCounterpart() throws {
        let refused = [
            ("resnet18", "without dynamic convolutions"), ("se-basic", "without dynamic convolutions"),
            ("dyconv-bottleneck-dilated", "attention_args has groups and dilation"),
            ("odconv-bottleneck-dilated", "attention_args has groups and dilation"),
        ]
        for (name, reason) in refused {
            let error = #expect(throws: ModelError.self) {
                _ = try convert(name, to: "never") { $0.inputs = [[0]] }
            }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
        #expect(throws: ModelError.self) { _ = try convert("odconv-basic", to: "never") { $0.inputs = [] } }
        #expect(throws: GraphError.self) { _ = try convert("odconv-basic", to: "never") { $0.inputs = [[0]] } }
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "never").path(percentEncoded: false)))
    }

    @Test func refusesAttentionsThatAreNotFinite() throws {
        let count = try rows("odconv-basic/inputs")[0].count
        let error = #expect(throws: ModelError.self) {
            _ = try convert("odconv-basic", to: "never") { $0.inputs = [[Float](repeating: .nan, count: count)] }
        }
        #expect(error?.description.contains("not finite") == true)
    }
}
