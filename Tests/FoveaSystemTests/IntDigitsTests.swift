import FoveaSystem
import Testing

@Suite struct IntDigitsTests {
    @Test(arguments: [("0", 0), ("007", 7), ("42", 42), ("9223372036854775807", Int.max)])
    func digitsAreANumber(_ text: String, _ number: Int) {
        #expect(Int(digits: text.utf8) == number)
    }

    @Test(arguments: ["", "+5", "-5", "5 ", " 5", "5.0", "5e1", "0x5", "٥", "9223372036854775808", String(repeating: "9", count: 40)])
    func anythingElseIsNone(_ text: String) {
        #expect(Int(digits: text.utf8) == nil)
    }
}
