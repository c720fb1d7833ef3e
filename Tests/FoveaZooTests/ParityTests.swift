import FoveaCheckpoints
import FoveaGraph
import Testing

@testable import FoveaZoo

/// Networks against PyTorch in float64.
@Suite struct ParityTests {
    @Test(arguments: Fixture.all)
    func logitsAndMaps(fixture: Fixture) throws {
        let graph = try Network(directory: fixture.directory).graph
        let oracle = Oracle(try fixture.expected())
        let outputs = try graph.pass(try oracle.pictures("input"))
        for (output, expected) in zip(outputs, try oracle.pictures("logits")) {
            let largest = expected.map(abs).max() ?? 0
            #expect(largestDifference(output.logits, expected) <= 1e-4 * largest)
        }
        for (index, tap) in graph.taps.enumerated() {
            let name = "\(tap.layer)/\(tap.kind.rawValue)"
            let shape = try oracle.shape(name)
            #expect(tap.shape == shape, "\(name)")
            for (output, expected) in zip(outputs, try oracle.pictures(name)) {
                #expect(largestDifference(output.maps[index], expected) <= 1e-5, "\(name)")
            }
        }
    }

    @Test(arguments: Fixture.all)
    func aPicturesAnswerDoesNotDependOnItsBatch(fixture: Fixture) throws {
        let graph = try Network(directory: fixture.directory).graph
        let two = try Oracle(try fixture.expected()).pictures("input")
        let pictures = two + two.reversed().map { $0.map { $0 * -0.75 } } + [two[0].map { $0 + 0.5 }]
        let alone = try pictures.map { try graph.pass([$0])[0] }
        let all = try graph.pass(pictures)
        let pair = try graph.pass([pictures[4], pictures[1]], threads: 2)
        for (output, single) in zip(all + pair, alone + [alone[4], alone[1]]) {
            #expect(output.logits.map(\.bitPattern) == single.logits.map(\.bitPattern))
            #expect(output.maps.map { $0.map(\.bitPattern) } == single.maps.map { $0.map(\.bitPattern) })
        }
    }

    /// Without offsets, sampling is a plain convolution: so the last one of each block of a VGG, replaced, gives that VGG's own answer.
    @Test func aVGGThatSamplesWhereItStandsIsThePlainOne() throws {
        let fixture = Fixture(name: "vgg11")
        let checkpoint = try Checkpoint(directory: fixture.directory)
        let plain = try fixture.configuration()
        let configuration = ModelConfiguration(
            architecture: plain.architecture, modelArguments: plain.modelArguments.merging(["attention": .string("deform")]) { $1 },
            numClasses: plain.numClasses, preprocessing: plain.preprocessing)
        var shapes = checkpoint.tensors.mapValues(\.shape)
        for (name, shape) in shapes where shape.count == 4 {
            // vgg11's blocks end in these.
            guard ["0", "3", "8", "13", "18"].contains(where: { name == "features.\($0).weight" }) else { continue }
            shapes[name.replacing(".weight", with: ".offset.weight")] = [18, shape[1], 3, 3]
            shapes[name.replacing(".weight", with: ".offset.bias")] = [18]
        }
        let ledger = WeightLedger(shapes: shapes) { [shapes] name in
            try checkpoint.tensors[name]?.floats() ?? Array(repeating: 0, count: shapes[name, default: []].reduce(1, *))
        }
        let graph = try Network(configuration: configuration, ledger: ledger).graph
        #expect(graph.taps.count == 10)
        let oracle = Oracle(try fixture.expected())
        for (output, expected) in zip(try graph.pass(try oracle.pictures("input")), try oracle.pictures("logits")) {
            #expect(largestDifference(output.logits, expected) <= 1e-4 * (expected.map(abs).max() ?? 0))
            #expect(output.maps.allSatisfy { $0.allSatisfy { $0 == 0 } })
        }
    }
}
