import FoveaCompute

/// What a gate of groups ends with, in one go: each group's factor, its bias, and a sigmoid.
struct GateEnding {
    private let factors: Vector
    private let biases: Vector

    /// - Returns: `nil` for any other operations.
    init?(_ operations: borrowing [MapOperation], _ pass: borrowing Pass, _ picture: Int, _ block: Int) {
        guard operations.count == 3, case .binary(.multiply, let factors, .channel, _) = operations[0],
            case .binary(.add, let biases, .channel, _) = operations[1], case .activation(.sigmoid) = operations[2]
        else { return nil }
        self.factors = load(pass.read(factors, picture) + block &* 16)
        self.biases = load(pass.read(biases, picture) + block &* 16)
    }

    /// Standardises a block of groups, then ends it.
    ///
    /// - Parameter groups: of the block; of at most eight, a vector holds two positions'
    @inline(__always)
    func apply(to y: UnsafeMutablePointer<Float>, _ area: Int, groups: Int, mean: Vector, factor: Vector) {
        let factors = factor * factors
        var position = 0
        if groups <= 8 {
            func twice(_ x: Vector) -> Vector { Vector(lowHalf: x.lowHalf, highHalf: x.lowHalf) }
            let (mean, factors, biases) = (twice(mean), twice(factors), twice(biases))
            while position &+ 1 < area {
                let (first, second) = (UnsafeMutableRawPointer(y + position &* 16), UnsafeMutableRawPointer(y + (position &+ 1) &* 16))
                let x = Vector(lowHalf: first.loadUnaligned(as: SIMD8.self), highHalf: second.loadUnaligned(as: SIMD8.self))
                let gates = sigmoid(multiplyAdd(biases, x - mean, factors))
                first.storeBytes(of: gates.lowHalf, as: SIMD8<Float>.self)
                second.storeBytes(of: gates.highHalf, as: SIMD8<Float>.self)
                position &+= 2
            }
        }
        while position < area {
            let target = y + position &* 16
            store(sigmoid(multiplyAdd(biases, load(target) - mean, factors)), target)
            position &+= 1
        }
    }
}
