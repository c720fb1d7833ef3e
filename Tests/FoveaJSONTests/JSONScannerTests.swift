import Foundation
import Testing

@testable import FoveaJSON

@Suite struct JSONScannerTests {
    private func number(_ text: String) throws(JSONFault) -> Double {
        var scanner = JSONScanner(Array(text.utf8))
        let value = try scanner.number("it")
        try scanner.finish()
        return value
    }

    @Test(arguments: [
        "0", "-0", "7", "12.5", "-3.25e2", "1E-3", "0.1", "123456789012345", "1234567890123456789", "0.30000000000000004", "1e22", "1e23",
        "5e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "9007199254740993", "0.00000000000000000000000000000000001",
    ])
    func numbersAreTheNearestDoubles(text: String) throws {
        #expect(try number(text) == Double(text))
    }

    @Test(arguments: ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1e999", "1 2", "--1", "１"])
    func whatIsNoNumberIsRefused(text: String) {
        #expect(throws: JSONFault.self) { try number(text) }
    }

    @Test func randomDoublesReadBack() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(try number("\(value)") == value)
        }
    }

    @Test(arguments: [
        (#""""#, ""), (#""aé\u00e9\n\/""#, "aéé\n/"), (#""\ud83d\ude00""#, "😀"), (#" "x""#, "x"),
    ])
    func strings(text: String, value: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        #expect(try scanner.string("it") == value)
    }

    @Test(arguments: [
        #""a"#, #""\x""#, #""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\u12g4""#, "\"\n\"", #""\"#, "{\"a\" 1}", "{a:1}",
        "{\"a\":1,}", "[1,]", "[1 2]", "[", "{", "]", "nul", "tru", "[1]]", "1", "[\u{7}]",
    ])
    func malformedTextIsRefused(text: String) {
        #expect(throws: JSONFault.self) {
            var scanner = JSONScanner(Array(text.utf8))
            if try scanner.kind() == .number { throw scanner.fault("") }
            try scanner.skip()
            try scanner.finish()
        }
    }

    @Test func anyWellFormedValueIsTakenAtOnce() throws {
        let text = #" { "a" : [1, {"b": null}, [], {}], "c": "d", "e": true, "f": false, "g": -1.5e-3 } "#
        var scanner = JSONScanner(Array(text.utf8))
        try scanner.skip()
        try scanner.finish()
    }

    @Test func keysThatAreReadAreBoundedAndDifferAndThoseThatAreSkippedNeedNot() throws {
        let text = "{" + (0...JSONScanner.maxKeys).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        var scanner = JSONScanner(Array(text.utf8))
        #expect(throws: JSONFault.self) {
            try scanner.object("it") { scanner, _ throws(JSONFault) in try scanner.skip() }
        }
        var twice = JSONScanner(Array("{\"a\":1,\"a\":2}".utf8))
        #expect(throws: JSONFault.self) {
            try twice.object("it") { scanner, _ throws(JSONFault) in try scanner.skip() }
        }
        var skipping = JSONScanner(Array("[\(text),{\"a\":1,\"a\":2}]".utf8))
        try skipping.skip()
        try skipping.finish()
        for wrong in ["{\"a\" 1}", "{a:1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1"] {
            var scanner = JSONScanner(Array(wrong.utf8))
            #expect(throws: JSONFault.self, "\(wrong)") { try scanner.skip() }
        }
    }

    @Test func depthIsBounded() {
        #expect(throws: JSONFault.self) {
            var scanner = JSONScanner([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
            try scanner.skip()
        }
    }

    @Test func rowsWithinRowsAreOneRow() throws {
        var scanner = JSONScanner(Array("[[1, 2], [[3]], []]".utf8))
        #expect(try scanner.elementKind() == .number)
        var values: [Float] = []
        try scanner.numbers("it", into: &values)
        #expect(values == [1, 2, 3])
    }

    @Test func aNumberBeyondFloat32IsRefused() {
        #expect(throws: JSONFault.self) {
            var scanner = JSONScanner(Array("[1e39]".utf8))
            var values: [Float] = []
            try scanner.numbers("it", into: &values)
        }
    }
}
