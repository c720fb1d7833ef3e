import FoveaKernels
import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct LinearProductTests {
    @Test(arguments: Machine.all.indices) func matchesTheReferenceForEveryPicture(_ set: Int) {
        var random = Random(1)
        for index in 0..<Random.cases(150) {
            let step = LinearProduct(
                inputs: random.pick([1, 7, 16, 33, 128, 130, 500]), outputs: random.pick([1, 10, 16, 31, 48, 100, 1000]))
            let pictures = (0..<random.pick([1, 1, 2, 5, Pass.mostPictures])).map { _ in random.floats(step.inputs) }
            let (weight, bias) = (random.floats(step.inputs * step.outputs), random.floats(step.outputs))
            let found = multiply(Machine.all[set], step, pictures, weight, bias, threads: 1)
            for (picture, values) in zip(pictures, found) {
                let expected = Reference.linear(double(picture), weight: double(weight), bias: double(bias))
                #expect(error(values, expected, terms: step.inputs) <= 1e-5, "case \(index)")
            }
        }
    }

    /// Threads hold the inputs and the sums of as many pictures as a pass has, and of no more panels than there are.
    @Test func scratchMemoryIsThatOfAPassAndItsPanels() {
        for (inputs, outputs, panels) in [(1, 14, 1), (1, 33, 2), (1 << 20, 1000, 2), (512, 1000, 2), (16, 1 << 16, 64)] {
            let step = LinearProduct(inputs: inputs, outputs: outputs)
            #expect(step.panelsPerBlock == panels)
            #expect(step.scratchCount == Pass.mostPictures * (LinearProduct.chunk + panels * Panels.width))
        }
    }

    @Test(arguments: Machine.all.indices) func neitherBatchNorThreadsChangeABit(_ set: Int) {
        var random = Random(2)
        for (inputs, outputs) in [(300, 70), (1000, 2000), (17, 5)] {
            let step = LinearProduct(inputs: inputs, outputs: outputs)
            let pictures = (0..<Pass.mostPictures).map { _ in random.floats(inputs) }
            let (weight, bias) = (random.floats(inputs * outputs), random.floats(outputs))
            let together = multiply(Machine.all[set], step, pictures, weight, bias, threads: 3)
            for index in [0, 3, Pass.mostPictures - 1] {
                let alone = multiply(Machine.all[set], step, [pictures[index]], weight, bias, threads: 1)
                #expect(alone[0].map(\.bitPattern) == together[index].map(\.bitPattern))
            }
        }
    }

    @Test(arguments: Machine.all.indices, [Precision.bfloat16, .fixed16])
    func halfTheBytesErrByTheWeightsRoundingAlone(_ set: Int, _ precision: Precision) {
        var random = Random(3)
        let step = LinearProduct(inputs: 333, outputs: 77, precision: precision)
        let (picture, weight) = (random.floats(333), random.weights(333 * 77, precision))
        let rounded = weight.map(precision.rounded)
        #expect(zip(weight, rounded).allSatisfy { abs($0 - $1) <= (precision == .fixed16 ? 0.5 : abs($0) / 256) })
        let found = multiply(Machine.all[set], step, [picture], weight, [Float](repeating: 0, count: 77), threads: 1)[0]
        #expect(error(found, Reference.linear(double(picture), weight: double(rounded))) <= 1e-5)
    }

    @Test(arguments: Machine.all.indices) func whatIsFusedHasOperandsOfEveryKind(_ set: Int) {
        var random = Random(4)
        for index in 0..<Random.cases(60) {
            let step = LinearProduct(inputs: 1, outputs: random.pick([1, 16, 17, 40, 1100]))
            let chains = (0..<3).map { _ in Chain(&random, channels: step.outputs, area: 1) }
            // Sums near 1, as for a map.
            let weight = random.floats(step.outputs).map { 1 + $0 / 4 }
            var run = MapRun(
                kernels: Machine.all[set], inputs: [[1], [1.125], [0.875]], count: step.outputs, scratch: step.scratchCount,
                constants: packed(step.weightCount, weight, depth: 1) { step.pack($0, to: $1) })
            run.operands = chains.map(\.blockedParts)
            let found = run.run { run.kernels.run(step, $0, .arena($1), .constant(0), to: $2, then: Chain.mapOperations($3)) }
            for (picture, chain) in chains.enumerated() {
                let expected = chain.expected(double(weight).map { $0 * Double(run.inputs[picture][0]) })
                #expect(error(found[picture], expected) <= 1e-5, "case \(index)")
            }
            #expect(run.isRepeatable { run.kernels.run(step, $0, .arena($1), .constant(0), to: $2, then: Chain.mapOperations($3)) })
        }
    }

    /// They are stored past the caches, but where the vector does not start on a line.
    @Test(arguments: Machine.all.indices, [0, 3]) func aGeneratedKernelIsWrittenWhereverItLies(_ set: Int, _ distance: Int) {
        var random = Random(5)
        let (inputs, outputs) = (3, 1 << 16 + 21)
        let step = LinearProduct(inputs: inputs, outputs: outputs)
        let weight = random.floats(inputs * outputs)
        let run = MapRun(
            kernels: Machine.all[set], inputs: (0..<3).map { _ in random.floats(inputs) }, count: distance + outputs,
            scratch: step.scratchCount, constants: packed(step.weightCount, weight, depth: inputs) { step.pack($0, to: $1) })
        for threads in 1...3 {
            let found = run.run(threads: threads) { pass, x, y, _ in
                run.kernels.run(step, pass, .arena(x), .constant(0), to: y + distance, then: [.activation(.sigmoid)])
            }
            for (picture, values) in zip(run.inputs, found) {
                let sums = Reference.linear(double(picture), weight: double(weight), bias: [Double](repeating: 0, count: outputs))
                #expect(values.prefix(distance).allSatisfy { $0.isNaN })
                #expect(error(Array(values.dropFirst(distance)), Reference.activation(sums, .sigmoid)) <= 1e-5)
            }
        }
    }

    private func multiply(
        _ kernels: any KernelSet.Type, _ step: LinearProduct, _ pictures: [[Float]], _ weight: [Float], _ bias: [Float], threads: Int
    ) -> [[Float]] {
        let packed = packed(step.weightCount, weight, depth: step.inputs) { step.pack($0, to: $1) }
        let place = (packed.count + 15) / 16 * 16
        let machine = Machine(
            kernels: kernels, threads: threads, scratch: step.scratchCount,
            pictures: pictures.map { [.values($0), .room(step.outputs), .values([42])] },
            constants: packed + [Float](repeating: 0, count: place - packed.count) + bias)
        let output = machine.offsets[1]
        return machine.run(reading: 1, step.outputs) {
            kernels.run(
                step, $0, .arena(0), .constant(0), to: output,
                then: [.binary(.add, .constant(place), .channel, reversed: false)])
        }
    }
}
