import Testing

@testable import FoveaMetrics

@Suite struct MetricsTextTests {
    @Test func theFormat() {
        var text = MetricsText()
        text.family("a_total", .counter, help: "One\\two\nlines, \"quoted\".")
        text.sample(3, LabelSet([("path", #"C:\"x"\#n"#), ("status", "200")]))
        text.family("b", .gauge, help: nil)
        text.sample(0.5, LabelSet([]))
        #expect(
            text.text == #"""
                # HELP a_total One\\two\nlines, "quoted".
                # TYPE a_total counter
                a_total{path="C:\\\"x\"\n",status="200"} 3
                # TYPE b gauge
                b 0.5

                """#)
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0, "0"), (-2, "-2"), (0.25, "0.25"), (1e30, "1e+30"),
    ])
    func numbers(value: Double, text: String) {
        #expect(MetricsText.number(value) == text)
    }

    /// A line's end after a carriage return, and a quote under an accent, are parts of longer characters.
    @Test(arguments: [
        ("a\r\nb", "a\r\\nb"), ("\"\u{301}", "\\\"\u{301}"), ("\\\u{20DD}", "\\\\\u{20DD}"), ("\"} 1\nup 0", #"\"} 1\nup 0"#), ("né", "né"),
    ])
    func hostileValuesStayWithinTheirQuotes(value: String, written: String) {
        let text = LabelSet([("l", value)]).text
        #expect(Array(text.unicodeScalars) == Array("l=\"\(written)\"".unicodeScalars))
    }

    @Test func labelsAreASet() {
        #expect(LabelSet([("a", "1"), ("b", "2")]) == LabelSet([("b", "2"), ("a", "1")]))
        #expect(LabelSet([("a", "1")]) != LabelSet([("a", "2")]))
        #expect(LabelSet([("a", "1"), ("b", "")]) == LabelSet([("a", "1")]), "an empty label is none")
        #expect(LabelSet([("a.b", "1"), ("a_b", "2")]).text == #"a_b="1""#, "the first of two")
    }
}
