import Testing

@testable import FoveaZoo

@Suite struct WeightsTests {
    private struct Unreadable: Error, CustomStringConvertible {
        let description = "it is torn"
    }

    private func ledger(_ shapes: [String: [Int]]) -> WeightLedger {
        WeightLedger(shapes: shapes) { name in Array(repeating: Float(name.count), count: shapes[name, default: []].reduce(1, *)) }
    }

    private func message(_ body: () throws(ModelError) -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test func scopesSpellStateDictNames() throws {
        let ledger = ledger(["layer1.0.attention.fc.weight": [2, 3], "scale": []])
        let weights = Weights(ledger)
        let scope = weights["layer1"][0]["attention"]["fc"]
        #expect(scope.path == "layer1.0.attention.fc")
        let parameter = try scope.parameter("weight", shape: [2, 3])
        #expect(parameter.name == "layer1.0.attention.fc.weight")
        #expect(parameter.values == Array(repeating: 28, count: 6))
        #expect(try weights["layer1.0"]["attention.fc"].parameter("weight", shape: [2, 3]).values.count == 6)
        #expect(try weights.parameter("scale", shape: []).values == [5])
        #expect(weights.has("scale") && !scope.has("bias") && scope.has("weight"))
        try ledger.finish()
    }

    @Test func everyFaultIsCollected() throws {
        let ledger = ledger(["a.weight": [2], "b.weight": [3, 1], "c.weight": [1], "c.num_batches_tracked": [], "num_batches_tracked": []])
        let weights = Weights(ledger)
        #expect(try weights["a"].parameter("weight", shape: [2]).values == [8, 8])
        #expect(try weights["a"].parameter("bias", shape: [2, 2]).values == [0, 0, 0, 0])
        #expect(try weights["b"].parameter("weight", shape: [3]).values == [0, 0, 0])
        #expect(
            message { () throws(ModelError) in try ledger.finish() }
                == "The weights do not fit the architecture: 1 tensor is missing: a.bias [2, 2]; 1 tensor is unexpected: c.weight [1]; "
                + "1 tensor has the wrong shape: b.weight is [3, 1], expected [3].")
    }

    @Test func namesAtMostTen() throws {
        let ledger = ledger(Dictionary(uniqueKeysWithValues: (0..<12).map { ("extra\($0 + 10)", [1]) }))
        for index in 0..<11 { _ = try Weights(ledger).parameter("needed\(index)", shape: [1]) }
        let text = message { () throws(ModelError) in try ledger.finish() }
        #expect(text.contains("11 tensors are missing: needed0 [1], needed1 [1],"))
        #expect(text.contains("needed9 [1] and 1 more; 12 tensors are unexpected: extra10 [1],"))
        #expect(text.contains("extra19 [1] and 2 more."))
        #expect(!text.contains("extra20"))
    }

    @Test func aTensorUsedTwiceIsNamedOnce() throws {
        let ledger = ledger([:])
        for _ in 0..<2 { _ = try Weights(ledger).parameter("w", shape: [1]) }
        #expect(message { () throws(ModelError) in try ledger.finish() }.contains("1 tensor is missing: w [1]."))
    }

    @Test func unreadableTensorsAreNamed() throws {
        let ledger = WeightLedger(shapes: ["w": [1], "v": [2]]) { name in
            if name == "w" { throw Unreadable() }
            return []
        }
        _ = try Weights(ledger).parameter("w", shape: [1])
        #expect(message { () throws(ModelError) in try ledger.finish() }.contains("1 tensor cannot be read: w: it is torn"))
    }

    @Test func standInsAreBounded() throws {
        let ledger = ledger(["here": [1]])
        let weights = Weights(ledger)
        #expect(
            message { () throws(ModelError) in _ = try weights.parameter("huge", shape: [1 << 20, 1 << 15]) }
                == "The weights do not fit the architecture: 1 tensor is missing: huge [1048576, 32768].")
        #expect(
            message { () throws(ModelError) in _ = try weights.parameter("overflow", shape: [Int.max, 2]) }
                == "The model's arguments ask for overflow of shape [9223372036854775807, 2], which is too large.")
    }

    @Test func namesOutOfFilesAreShownWithoutControlCharacters() {
        let ledger = ledger(["\u{1B}[2Ja": [1], String(repeating: "b", count: 100_000): [1]])
        let text = message { () throws(ModelError) in try ledger.finish() }
        #expect(text.contains(#"2 tensors are unexpected: \u{1b}[2Ja [1], bbb"#) && text.count < 500)
    }

    @Test func shapesWhoseProductOverflowsAreTooLarge() throws {
        let ledger = ledger([:])
        #expect(throws: ModelError.self) { try ledger.values("a", shape: [1 << 32, 1 << 32]) }
        #expect(throws: ModelError.self) { try ledger.values("a", shape: [-1]) }
        #expect(throws: ModelError.self) { try ledger.values("a", shape: [1 << 40, 2]) }
        #expect(try ledger.values("a", shape: [1 << 40, 0]).isEmpty)
    }
}
