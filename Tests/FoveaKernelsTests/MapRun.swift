import FoveaKernels

@testable import FoveaCompute

/// A step from one map to another, over some pictures.
struct MapRun {
    let kernels: any KernelSet.Type
    /// Each picture's input as it lies in memory.
    let inputs: [[Float]]
    /// Numbers of the result as they lie in memory.
    let count: Int
    var scratch = 0
    var constants: [Float] = []
    /// Each picture's operands of its operations.
    var operands: [[Machine.Part]] = []

    /// Memory around what a step may touch: it holds NaN, and has to when the step is done.
    private static let margin = 64

    /// - Parameter body: runs the step; gets where its input, its result and the operands lie
    func run(threads: Int = 1, _ body: (_ pass: Pass, _ x: Int, _ y: Int, _ operands: ArraySlice<Int>) -> Void) -> [[Float]] {
        let machine = Machine(
            kernels: kernels, threads: threads, scratch: scratch,
            pictures: inputs.enumerated().map { index, input in
                let parts: [Machine.Part] = [.room(Self.margin), .values(input), .room(Self.margin), .room(count + Self.margin)]
                return parts + (operands.isEmpty ? [] : operands[index])
            }, constants: constants)
        let offsets = machine.offsets
        let results = machine.run(reading: 3, count + Self.margin) { body($0, offsets[1], offsets[3], offsets[4...]) }
        // A number behind the result makes it as wrong as can be.
        return results.map { $0[count...].allSatisfy(\.isNaN) ? Array($0[..<count]) : [] }
    }

    /// Whether the pictures' bits are the same on one, two and three threads, and alone and in a batch.
    func isRepeatable(_ body: (_ pass: Pass, _ x: Int, _ y: Int, _ operands: ArraySlice<Int>) -> Void) -> Bool {
        let batch = run(body)
        guard !batch.contains([]), [2, 3].allSatisfy({ threads in bits(run(threads: threads, body)) == bits(batch) }) else { return false }
        return inputs.indices.allSatisfy { index in
            let alone = MapRun(
                kernels: kernels, inputs: [inputs[index]], count: count, scratch: scratch, constants: constants,
                operands: operands.isEmpty ? [] : [operands[index]])
            return bits(alone.run(body)) == bits([batch[index]])
        }
    }
}

func bits(_ pictures: [[Float]]) -> [[UInt32]] { pictures.map { $0.map(\.bitPattern) } }

/// Filters, each multiplied by its scale, as a step's `pack` writes them.
func packedScaled(
    _ count: Int, _ weight: [Float], depth: Int, scale: [Double]?, _ pack: (ScaledFilters, UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
    var target = [Float](repeating: 0, count: count)
    target.withUnsafeMutableBufferPointer { target in
        weight.withUnsafeBufferPointer { weight in
            guard let target = target.baseAddress else { return }
            pack(ScaledFilters(weight, depth: depth, scale: scale), target)
        }
    }
    return target
}
