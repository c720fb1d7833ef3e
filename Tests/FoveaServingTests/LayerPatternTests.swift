import Testing

@testable import FoveaServing

@Suite struct LayerPatternTests {
    @Test(arguments: [
        ("layer1.0.conv1", "layer1.0.conv1", true), ("layer1.*", "layer1.0.conv1", true), ("layer1.*", "layer10.0", false),
        ("*", "", true), ("*.conv1", "layer1.0.conv1", true), ("*.conv1", "layer1.0.conv2", false), ("layer?.0", "layer1.0", true),
        ("layer?.0", "layer.0", false), ("l*r*0", "layer1.0", true), ("", "", true), ("", "a", false), ("layer", "layer1", false),
        ("**", "abc", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false),
    ])
    func matches(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect(LayerPattern(text: pattern).matches(name) == expected)
    }

    @Test func manyStarsTakeNoExponentialTime() {
        let pattern = LayerPattern(text: String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
