import FoveaTesting
import Testing

@testable import FoveaCompute

@Suite struct PostOperationTests {
    @Test func broadcastsOverRandomShapesAndRanges() throws {
        var random = Random(11)
        for _ in 0..<200 {
            let shape = [random.int(1...4), random.int(1...5), random.pick([1, 3, 700])]
            var operandShape = shape
            switch random.int(0...5) {
            case 0: operandShape = [shape[0]]
            case 1: operandShape = [shape[0], 1, 1]
            case 2: operandShape = [1, shape[1], shape[2]]
            case 3: operandShape = [1]
            case 4: operandShape = [shape[0], 1, shape[2]]
            default: break
            }
            let broadcast = try #require(Broadcast(operandShape, over: shape))
            let (x, operand) = (random.floats(broadcast.count), random.floats(broadcast.operandCount))
            let operation = random.pick([BinaryOperator.add, .subtract, .multiply])
            let reversed = random.int(0...1) == 0
            let cut = random.int(0...x.count)
            let found = run(x.count, constants: operand) { _, y, _, memory in
                y.update(from: x, count: x.count)
                let operations = [PostOperation.binary(operation, .constant(0), broadcast, reversed: reversed)]
                operations.apply(to: y, 0..<cut, memory)
                operations.apply(to: y, cut..<x.count, memory)
            }
            let expanded = Reference.expand(double(operand), broadcast)
            let expected = reversed ? Reference.binary(operation, expanded, double(x)) : Reference.binary(operation, double(x), expanded)
            #expect(error(found, expected) <= 1e-6, "\(operandShape) over \(shape)")
        }
    }

    @Test func activations() {
        let x: [Float] = [-200, -1, -0.0, 0, 0.5, 3, 200, .nan]
        let relu = run(8) { _, y, _, memory in
            y.update(from: x, count: 8)
            [PostOperation.activation(.relu)].apply(to: y, 0..<8, memory)
        }
        #expect(relu[0...6] == [0, 0, 0, 0, 0.5, 3, 200] && relu[7].isNaN)
        let sigmoid = run(7) { _, y, _, memory in
            y.update(from: x, count: 7)
            [PostOperation.activation(.sigmoid)].apply(to: y, 0..<7, memory)
        }
        #expect(error(sigmoid, Reference.activation(double(Array(x[0...6])), .sigmoid)) <= 1e-6)
    }

    @Test func broadcastRules() {
        #expect(Broadcast([4], over: [4, 2, 3]) == Broadcast(outer: 4, repeated: 6, inner: 1))
        #expect(Broadcast([4, 1, 1], over: [4, 2, 3]) == Broadcast(outer: 4, repeated: 6, inner: 1))
        #expect(Broadcast([1, 2, 3], over: [4, 2, 3]) == Broadcast(outer: 1, repeated: 4, inner: 6))
        #expect(Broadcast([2, 3], over: [4, 2, 3]) == Broadcast(outer: 1, repeated: 4, inner: 6))
        #expect(Broadcast([1], over: [4, 2, 3]) == Broadcast(outer: 1, repeated: 24, inner: 1))
        #expect(Broadcast([4, 1, 3], over: [4, 2, 3]) == Broadcast(outer: 4, repeated: 2, inner: 3))
        #expect(Broadcast([4, 2, 3], over: [4, 2, 3])?.isIdentity == true)
        #expect(Broadcast([3], over: [4, 2, 3]) == nil)
        #expect(Broadcast([1, 2, 1], over: [4, 2, 3]) == nil)
        #expect(Broadcast([1, 4, 2, 3], over: [4, 2, 3]) == nil)
    }
}
