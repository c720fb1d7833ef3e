import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

/// The way back through a linear layer, over the weights as the way forward reads them.
@Suite struct TransposedLinearTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceForEveryRow(_ set: Int) {
        var random = Random(11)
        for index in 0..<Random.cases(100) {
            let step = LinearProduct(inputs: random.pick([1, 7, 64, 130, 1500]), outputs: random.pick([1, 10, 16, 31, 48, 100, 700]))
            let weight = random.floats(step.inputs * step.outputs)
            let rows = (0..<random.pick([1, 2, 3, 4, 5, 11])).map { _ in random.floats(step.outputs) }
            let found = transpose(Machine.all[set], step, weight, rows, threads: 1)
            for (g, values) in zip(rows, found) {
                #expect(error(values, expected(weight, g, step), terms: step.outputs) <= 1e-5, "case \(index)")
            }
        }
    }

    @Test(arguments: Machine.all.indices) func neitherOtherRowsNorThreadsChangeABit(_ set: Int) {
        var random = Random(12)
        let step = LinearProduct(inputs: 3000, outputs: 330)
        let weight = random.floats(step.inputs * step.outputs)
        let rows = (0..<13).map { _ in random.floats(step.outputs) }
        let together = transpose(Machine.all[set], step, weight, rows, threads: 3)
        for index in [0, 3, 4, 12] {
            #expect(bits(transpose(Machine.all[set], step, weight, [rows[index]], threads: 1)) == bits([together[index]]))
        }
    }

    @Test(arguments: Machine.all.indices, [Precision.bfloat16, .fixed16])
    func halfTheBytesErrByTheWeightsRoundingAlone(_ set: Int, _ precision: Precision) {
        var random = Random(13)
        for outputs in [77, 16, 40] {
            let step = LinearProduct(inputs: 333, outputs: outputs, precision: precision)
            let (weight, g) = (random.weights(333 * outputs, precision), random.floats(outputs))
            let rounded = weight.map(precision.rounded)
            #expect(error(transpose(Machine.all[set], step, weight, [g], threads: 1)[0], expected(rounded, g, step)) <= 1e-5)
        }
    }

    /// One output's weights come back as they were stored.
    @Test(arguments: Precision.allCases) func aRowIsReadBack(precision: Precision) {
        var random = Random(14)
        for outputs in [5, 16, 33, 100] {
            let step = LinearProduct(inputs: 50, outputs: outputs, precision: precision)
            let weight = random.weights(50 * outputs, precision)
            let stored = weight.map(precision.rounded)
            let packed = packed(step.weightCount, weight, depth: 50) { step.pack($0, to: $1) }
            packed.withUnsafeBufferPointer { packed in
                guard let start = packed.baseAddress else { return }
                for output in 0..<outputs { #expect(step.row(output, of: start) == Array(stored[output * 50..<(output + 1) * 50])) }
            }
        }
    }

    private func expected(_ weight: [Float], _ g: [Float], _ step: LinearProduct) -> [Double] {
        (0..<step.inputs).map { input in
            var sum = 0.0
            for output in 0..<step.outputs { sum += Double(weight[output * step.inputs + input]) * Double(g[output]) }
            return sum
        }
    }

    private func transpose(
        _ kernels: any KernelSet.Type, _ step: LinearProduct, _ weight: [Float], _ rows: [[Float]], threads: Int
    ) -> [[Float]] {
        let packed = packed(step.weightCount, weight, depth: step.inputs) { step.pack($0, to: $1) }
        let padding = [Float](repeating: 0, count: step.transposedRow - step.outputs)
        let g = rows.flatMap { $0 + padding }
        var result = [Float](repeating: .nan, count: rows.count * step.inputs)
        var scratch: [Float] = [0]
        let team = threads > 1 ? ThreadTeam(threads: threads) : nil
        result.withUnsafeMutableBufferPointer { result in
            scratch.withUnsafeMutableBufferPointer { scratch in
                packed.withUnsafeBufferPointer { packed in
                    g.withUnsafeBufferPointer { g in
                        guard let result = result.baseAddress, let scratch = scratch.baseAddress, let packed = packed.baseAddress,
                            let g = g.baseAddress
                        else { return }
                        let lane = Lane(team: team, limit: threads, scratch: scratch, scratchCount: 0)
                        kernels.transpose(step, lane, packed, g, rows: rows.count, to: result)
                    }
                }
            }
        }
        return rows.indices.map { Array(result[$0 * step.inputs..<($0 + 1) * step.inputs]) }
    }
}
