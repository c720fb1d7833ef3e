import FoveaCompute
import Testing

@Suite struct NearestAxisTests {
    /// What `torch.nn.functional.interpolate(mode="nearest", size=…)` of PyTorch reads; position 23 of 46 is not ⌊23 · 14 / 46⌋.
    @Test(arguments: [
        (
            14,
            [
                0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11,
                11, 12, 12, 12, 13, 13, 13,
            ]
        ),
        (26, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24]),
        (
            39,
            [
                0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 31, 33, 34, 35, 36, 37,
            ]
        ),
        (5, [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4]), (1, [0, 0, 0]), (3, [0]),
    ])
    func readsWhatPyTorchReads(input: Int, positions: [Int]) {
        let axis = NearestAxis(input, to: positions.count)
        #expect(positions.indices.map { axis[$0] } == positions)
    }

    @Test(arguments: [(56, 46, 23, 27), (112, 388, 97, 27), (500, 106, 53, 249)])
    func roundsAsFloat32Does(input: Int, output: Int, index: Int, position: Int) {
        #expect(NearestAxis(input, to: output)[index] == position)
        #expect(index * input / output == position + 1)
    }

    /// Over all pairs of sides: within the input, in order, and the same or twice the same where PyTorch takes these ways of its own.
    @Test func staysWithinTheInput() {
        for input in 1...200 {
            for output in 1...200 {
                let axis = NearestAxis(input, to: output)
                let positions = (0..<output).map { axis[$0] }
                #expect(positions.first == 0 && (positions.last ?? 0) < input)
                #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 <= $1 })
                if output == input { #expect(positions == Array(0..<input)) }
                if output == 2 * input { #expect(positions == (0..<output).map { $0 / 2 }) }
            }
        }
        let long = NearestAxis(1 << 24, to: 1 << 24 | 1)
        #expect(long[1 << 24] < 1 << 24)
    }
}
