import FoveaJSON
import Testing

/// The JSON of `config.json` and of what `fovea convert` is given.
@Suite struct JSONValueTests {
    private func parse(_ text: String) throws(JSONFault) -> JSONValue { try JSONValue(json: Array(text.utf8)) }

    private func fault(_ text: String) -> String {
        do throws(JSONFault) {
            let value = try parse(text)
            return value.description
        } catch {
            return error.description
        }
    }

    @Test func everyKindOfValueIsRead() throws {
        let text = " { \"a\" : [1, -2.5e-1, true,false , null, {}, []],\r\n\t\"b\\u00e9\\ud83d\\ude00\\n\\/\": \"x\u{E9}\" } "
        let list: [JSONValue] = [.number(1), .number(-0.25), .bool(true), .bool(false), .null, .object([:]), .array([])]
        #expect(try parse(text) == .object(["a": .array(list), "b\u{E9}\u{1F600}\n/": .string("x\u{E9}")]))
        #expect(try parse("7") == .number(7))
        #expect(try parse("\"\"") == .string(""))
        #expect(try parse("\u{FEFF}[]") == .array([]))
        #expect(try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != .null)
    }

    @Test(arguments: ["0", "-0", "12.5", "-3.25e2", "1E-3", "0.1", "1e22", "9007199254740993", "1.7976931348623157e308", "5e-324"])
    func numbersAreTheNearestDoubles(text: String) throws {
        let value = try #require(Double(text))
        #expect(try parse(text) == .number(value))
    }

    @Test(arguments: [
        ("", "line 1, byte 1: expected a value"), ("[1, 2", "line 1, byte 6: expected ',' or ']'"),
        ("[1,\n2,]", "line 2, byte 3: expected a value"),
        ("{\"a\": 1,}", "line 1, byte 9: expected a key in double quotes"),
        ("[,1]", "line 1, byte 2: expected a value"),
        ("[1 2]", "line 1, byte 4: expected ',' or ']'"), ("{'a': 1}", "line 1, byte 2: expected a key in double quotes"),
        ("{\"a\" 1}", "line 1, byte 6: expected ':' after the key 'a'"),
        ("{\"a\": 1, \"a\": 2}", "line 1, byte 14: the key 'a' is there twice"),
        ("{\"a\": 1, \"\\u0061\": 2}", "line 1, byte 19: the key 'a' is there twice"),
        ("[1] 2", "line 1, byte 5: something follows the outermost value"),
        ("\"a", "line 1, byte 3: it ends inside a string"), ("[\"\\x\"]", "line 1, byte 5: an escape that JSON does not have"),
        ("\"\\ud83d\"", "line 1, byte 9: half a surrogate pair stands alone"),
        ("\"\\u12g4\"", "line 1, byte 7: \\u needs four hexadecimal digits"),
        ("\"a\nb\"", "line 1, byte 3: a control character, or the line's end, stands unescaped in a string"),
    ])
    func whatIsWrongIsToldWithItsPlace(text: String, message: String) {
        #expect(fault(text) == message)
    }

    @Test(arguments: [
        "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1e999", "--1", "tru", "True", "nul", "// x", "１",
    ])
    func whatIsNoValueIsRefused(text: String) {
        #expect(throws: JSONFault.self) { try parse("[\(text)]") }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        let fault = #expect(throws: JSONFault.self) { try JSONValue(json: [0x5B, 0x22, 0xFF, 0x22, 0x5D]) }
        #expect(fault?.description == "line 1, byte 5: the value is not UTF-8")
    }

    @Test func deepNestingIsRefusedAndNotFollowed() {
        #expect(fault(String(repeating: "[", count: 1_000_000)) == "line 1, byte 65: it is nested deeper than 64 levels")
    }

    /// Messages reach terminals, which obey what control characters tell them.
    @Test func messagesShowTextWithoutControlCharacters() {
        #expect(JSONValue.string("a\u{1B}[2J\u{202E}b").description == #""a\u{1b}[2J\u{202e}b""#)
        #expect(JSONValue.object(["\u{7}": .null]).description == #"{"\u{7}": null}"#)
        #expect(fault("{\"a\\u001b\" 1}").hasSuffix(#"the key 'a\u{1b}'"#))
        #expect("é😀 \"'\\".shown() == "é😀 \"'\\")
        #expect("".shown(limit: 0) == "" && "ab".shown(limit: 2) == "ab" && "abc".shown(limit: 2) == "ab…")
        // One letter under a hundred thousand accents is one character.
        let tall = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(JSONValue.string(tall).description.unicodeScalars.count <= 82)
        #expect(JSONValue.array([.string(tall), .string(tall)]).description.unicodeScalars.count <= 82)
        #expect(JSONValue.string(String(repeating: "x", count: 78)).description == "\"" + String(repeating: "x", count: 78) + "\"")
    }
}
