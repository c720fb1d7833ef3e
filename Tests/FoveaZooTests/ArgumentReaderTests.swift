import FoveaJSON
import Testing

@testable import FoveaZoo

@Suite struct ArgumentReaderTests {
    private enum Side: String, CaseIterable { case left, right }

    private func message(_ members: [String: JSONValue], _ read: (inout ArgumentReader) throws -> Void) -> String {
        var reader = ArgumentReader(members, place: "model_args")
        do {
            try read(&reader)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test func readsEachType() throws {
        var reader = ArgumentReader(
            [
                "count": .number(4), "ratio": .number(0.5), "on": .bool(true), "side": .string("right"),
                "layers": .array([.number(1), .number(2)]),
                "nested": .object(["inner": .number(1)]), "none": .null,
            ], place: "model_args")
        #expect(try reader.integer("count", default: 1, in: 1...4) == 4)
        #expect(try reader.integer("none", default: 3, in: 1...4) == 3)
        #expect(try reader.integer("absent", default: 2, in: 1...4) == 2)
        #expect(try reader.positive("ratio", default: 1, atMost: 1) == 0.5)
        #expect(try reader.flag("on", default: false))
        #expect(try reader.choice("side", default: Side.left) == .right)
        #expect(try reader.integers("layers", default: [], counts: 1...4, in: 1...9) == [1, 2])
        var nested = try reader.object("nested")
        #expect(nested.place == "nested")
        #expect(try nested.integer("inner", default: 0, in: 0...1) == 1)
        try reader.refuseUnknown(for: "net")
    }

    @Test func refusesWrongTypesAndRanges() {
        #expect(
            message(["k": .number(0)]) { _ = try $0.integer("k", default: 4, in: 1...9) }
                == "model_args: k is 0; expected a whole number from 1 to 9.")
        #expect(
            message(["k": .string("4")]) { _ = try $0.integer("k", default: 4, in: 1...9) }
                == "model_args: k is \"4\"; expected a whole number from 1 to 9.")
        #expect(
            message(["t": .number(-1)]) { _ = try $0.positive("t", default: 1, atMost: 2) }
                == "model_args: t is -1; expected a number above 0 and at most 2.")
        #expect(message(["b": .number(1)]) { _ = try $0.flag("b", default: true) } == "model_args: b is 1; expected true or false.")
        #expect(
            message(["s": .string("up")]) { _ = try $0.choice("s", default: Side.left) }
                == "model_args: s is \"up\"; expected one of left, right.")
        #expect(
            message(["l": .array([])]) { _ = try $0.integers("l", default: [], counts: 1...4, in: 1...9) }
                == "model_args: l is []; expected a list of 1 to 4 whole numbers from 1 to 9.")
        #expect(message(["o": .null, "p": .number(1)]) { _ = try $0.object("p") } == "model_args: p is 1; expected an object.")
    }

    @Test func refusesUnknownNames() {
        let text = message(["widht": .number(1), "pool": .number(1)]) {
            _ = try $0.integer("pool", default: 7, in: 1...9)
            _ = try $0.integer("width", default: 7, in: 1...9)
            try $0.refuseUnknown(for: "vgg11")
        }
        #expect(text == "model_args: vgg11 has no argument widht; it has pool, width.")
    }

    /// Python's files hold None for arguments that a network need not know.
    @Test func nullCountsAsAbsentUnderAnyName() {
        #expect(message(["widht": .null, "pool": .null]) { try $0.refuseUnknown(for: "vgg11") } == "accepted")
        #expect(
            message(["widht": .null, "depth": .bool(false)]) { try $0.refuseUnknown(for: "vgg11") }
                == "model_args: vgg11 has no argument depth; it has no arguments.")
    }

    @Test func namesOutOfFilesAreShownWithoutControlCharacters() {
        let text = message(["\u{1B}]0;x\u{7}": .number(1), String(repeating: "y", count: 10_000): .number(1)]) {
            try $0.refuseUnknown(for: "vgg11")
        }
        #expect(text.contains(#"no argument \u{1b}]0;x\u{7}, yyy"#) && text.count < 200)
    }
}
