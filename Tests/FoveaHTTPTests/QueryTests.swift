import FoveaHTTP
import Testing

@Suite struct QueryTests {
    @Test func decodes() throws {
        let query = try Query(parsing: "a=1&b=two+words&c=%C3%A4%26&d&=e&a=2&&f=x=y")
        #expect(try query.value("b") == "two words")
        #expect(try query.value("c") == "ä&")
        #expect(try query.value("d") == "")
        #expect(try query.value("") == "e")
        #expect(try query.value("f") == "x=y")
        #expect(try query.value("g") == nil)
        #expect(try Query(parsing: "").items.isEmpty)
    }

    /// A mark behind a separator is one character with it.
    @Test func splitsByBytes() throws {
        let query = try Query(parsing: "a=\u{301}1&\u{301}b=2&c=&=d\u{200D}")
        #expect(query.items.map(\.name) == ["a", "\u{301}b", "c", ""])
        #expect(query.items.map(\.value) == ["\u{301}1", "2", "", "d\u{200D}"])
    }

    @Test func refusesToGuessBetweenDuplicates() throws {
        let query = try Query(parsing: "a=1&a=2")
        #expect(throws: Problem.self) { try query.value("a") }
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%+1", "a=%ff", "%00=1", "a=%C0%80", "a=%ED%A0%80"])
    func refusesInvalidEncodings(_ text: String) {
        #expect { try Query(parsing: text) } throws: { ($0 as? Problem)?.status == .badRequest }
    }
}
