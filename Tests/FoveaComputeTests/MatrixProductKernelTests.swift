import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct MatrixProductKernelTests {
    @Test func matchesTheReferenceOverRandomShapes() {
        var random = Random(21)
        for _ in 0..<80 {
            let geometry = MatrixProductGeometry(
                batch: random.pick([1, 1, 2, 5, 16]), m: random.pick([1, 2, 7, 40, 90]), k: random.pick([1, 3, 17, 200]),
                n: random.pick([1, 3, 33, 130]), transposesSecond: random.int(0...1) == 0)
            let a = random.floats(geometry.batch * geometry.m * geometry.k)
            let b = random.floats(geometry.batch * geometry.k * geometry.n)
            let kernel = MatrixProductKernel(geometry)
            let results = [1, 2].map { threads in
                run(geometry.batch * geometry.m * geometry.n, threads: threads) { lane, y, _, memory in
                    kernel.run(lane, a, b, to: y, memory, then: [.scale(0.5)])
                }
            }
            let expected = Reference.matrixProduct(double(a), double(b), geometry).map { $0 / 2 }
            #expect(error(results[0], expected) <= 1e-5, "\(geometry)")
            #expect(results[0].map(\.bitPattern) == results[1].map(\.bitPattern))
        }
    }

    @Test func readsShapes() {
        #expect(MatrixProductGeometry([4, 2, 3], [4, 3, 5], transposesSecond: false) == MatrixProductGeometry(batch: 4, m: 2, k: 3, n: 5))
        #expect(MatrixProductGeometry([2, 3], [5, 3], transposesSecond: true)?.n == 5)
        #expect(MatrixProductGeometry([2, 3], [5, 3], transposesSecond: false) == nil)
        #expect(MatrixProductGeometry([1, 2, 3], [2, 3, 5], transposesSecond: false) == nil)
        #expect(MatrixProductGeometry([3], [3], transposesSecond: true) == nil)
    }
}
