import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct SigmoidTests {
    private func sigmoid(_ set: Int, _ x: [Float]) -> [Float] {
        let step = MapElementwise(channels: 1, area: x.count, base: .map)
        let run = MapRun(
            kernels: Machine.all[set], inputs: [blocked(x, channels: 1)], count: Blocked.count(channels: 1, area: x.count))
        let blocks = run.run { pass, x, y, _ in run.kernels.run(step, pass, .arena(x), to: y, then: [.activation(.sigmoid)]) }
        return unblocked(blocks[0], channels: 1)
    }

    @Test(arguments: Machine.all.indices) func hasTwentyTwoDigits(_ set: Int) {
        var random = Random(91)
        let x = [87, 5, 1e-3].flatMap { (most: Float) in (0..<10_000).map { _ in Float.random(in: -most...most, using: &random) } }
        for (x, found) in zip(x, sigmoid(set, x)) {
            let expected = Reference.activation([Double(x)], .sigmoid)[0]
            #expect(abs(Double(found) / expected - 1) <= 0x1p-22, "of \(x)")
        }
    }

    @Test(arguments: Machine.all.indices) func goesTowardsZeroAndOneAndKeepsWhatIsNoNumber(_ set: Int) {
        let large: [Float] = [87, 88, 88.8, 1e3, 1e30, .greatestFiniteMagnitude, .infinity]
        #expect(sigmoid(set, large).allSatisfy { $0 == 1 })
        #expect(sigmoid(set, large.map(-)).allSatisfy { $0 >= 0 && $0 < 1.7e-38 })
        #expect(sigmoid(set, [0, -0, .leastNonzeroMagnitude, -.leastNormalMagnitude]).allSatisfy { $0 == 0.5 })
        let payloads = [Float.nan, -.nan, Float(nan: 0x1FF, signaling: false), Float(nan: 0x155, signaling: false)]
        #expect(sigmoid(set, payloads).allSatisfy { $0.isNaN })
    }
}
