import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct ScaledFiltersTests {
    /// Three filters of two weights.
    private let weights: [Float] = [1, -2, 3, 40_000, -5, 6]

    @Test func eachOutputHasItsOwnFilterTimesItsScale() {
        #expect(written(scale: nil, order: nil) == weights)
        #expect(written(scale: [1, 2, -1], order: nil) == [1, -2, 6, 80_000, 5, -6])
    }

    /// One that has none has zeros, and a filter may be that of several.
    @Test func outputsInAnotherOrderAreReadFromWhereTheFiltersLie() {
        #expect(written(scale: nil, order: [2, nil, 0, 2, nil]) == [-5, 6, 0, 0, 1, -2, -5, 6, 0, 0])
        #expect(written(scale: [2, 3, 4, -1, 5], order: [2, nil, 0, 2, nil]) == [-10, 12, 0, 0, 4, -8, 5, -6, 0, 0])
        #expect(written(scale: nil, order: [nil]) == [0, 0])
        weights.withUnsafeBufferPointer {
            let filters = ScaledFilters($0, depth: 2, scale: [2, 3, 4], order: [2, nil, 0])
            #expect((0..<3).map(filters.largest) == [12, 0, 8] && filters.fitFixed16)
        }
    }

    @Test(arguments: [nil, [2, nil, 1, 0]] as [[Int?]?]) func someOutputs(_ order: [Int?]?) {
        let scale = [2.0, 3, 4, 5]
        let all = written(scale: order == nil ? Array(scale.prefix(3)) : scale, order: order)
        weights.withUnsafeBufferPointer {
            let some = ScaledFilters($0, depth: 2, scale: scale, order: order).outputs(1..<3)
            var target = [Float](repeating: .nan, count: 4)
            target.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { some.write(to: base) } }
            #expect(target == Array(all[2..<6]) && !some.fitFixed16)
        }
    }

    private func written(scale: [Double]?, order: [Int?]?) -> [Float] {
        var target = [Float](repeating: .nan, count: (order?.count ?? 3) * 2)
        weights.withUnsafeBufferPointer { weights in
            target.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                ScaledFilters(weights, depth: 2, scale: scale, order: order).write(to: base)
            }
        }
        return target
    }
}
