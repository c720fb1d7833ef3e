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
}
