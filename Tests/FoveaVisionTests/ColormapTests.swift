import Testing

@testable import FoveaVision

@Suite struct ColormapTests {
    private func color(_ colormap: Colormap, _ place: Int) -> [Int] { (0..<3).map { Int(colormap.table[3 * place + $0]) } }

    /// What matplotlib 3.10 gives for some of the 256 places, away from those that the table holds.
    @Test(arguments: [
        (Colormap.viridis, 0, [68, 1, 84]), (.viridis, 63, [59, 81, 139]), (.viridis, 128, [33, 145, 140]), (.viridis, 191, [92, 200, 99]),
        (.viridis, 255, [253, 231, 37]), (.inferno, 0, [0, 0, 4]), (.inferno, 64, [87, 16, 110]), (.inferno, 128, [188, 55, 84]),
        (.inferno, 191, [249, 140, 10]), (.inferno, 255, [252, 255, 164]), (.jet, 0, [0, 0, 128]), (.jet, 64, [0, 128, 255]),
        (.jet, 128, [125, 255, 122]), (.jet, 191, [255, 152, 0]), (.jet, 255, [128, 0, 0]), (.gray, 77, [77, 77, 77]),
    ]) func `colours are matplotlib's`(_ colormap: Colormap, _ place: Int, _ expected: [Int]) {
        #expect(colormap.table.count == 768)
        #expect(zip(color(colormap, place), expected).allSatisfy { abs($0 - $1) <= 1 }, "\(color(colormap, place))")
    }

    /// What makes a map readable without colours, and jet not so.
    @Test func `the perceptually even ones grow brighter all the way`() {
        func brightness(_ colormap: Colormap) -> [Double] {
            (0..<256).map { place in zip(color(colormap, place), [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + Double($1.0) * $1.1 } }
        }
        func falls(_ colormap: Colormap) -> Int {
            let all = brightness(colormap)
            return (5..<256).count { all[$0] < all[$0 - 5] }
        }
        #expect(falls(.viridis) == 0 && falls(.inferno) == 0 && falls(.gray) == 0)
        #expect(falls(.jet) > 50)
    }
}
