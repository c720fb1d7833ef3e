import FoveaGraph
import FoveaJSON

@testable import FoveaZoo

/// Builds the network of a case from tampered shapes; the message of its refusal.
func refusal(
    _ name: String, model arguments: [String: JSONValue]? = nil, tamper: (inout [String: [Int]]) -> Void = { _ in }
) throws -> String {
    let fixture = Fixture(name: name)
    let original = try fixture.configuration()
    let configuration = ModelConfiguration(
        architecture: original.architecture, modelArguments: original.modelArguments.merging(arguments ?? [:]) { $1 },
        numClasses: original.numClasses, preprocessing: original.preprocessing)
    var shapes = try fixture.shapes()
    tamper(&shapes)
    let ledger = WeightLedger(shapes: shapes) { [shapes] in Array(repeating: 0.5, count: shapes[$0, default: []].reduce(1, *)) }
    do {
        _ = try Network(configuration: configuration, ledger: ledger)
        return "accepted"
    } catch {
        return error.description
    }
}
