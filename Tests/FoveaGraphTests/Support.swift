import Testing

@testable import FoveaGraph

/// SplitMix64: the same numbers in every run.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x2545_F491_4F6C_DD1D }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func pick<T>(_ items: [T]) -> T { items[int(0...items.count - 1)] }

    mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &self) } }

    /// Weights of about He's size, so that deep graphs keep their scale.
    mutating func parameter(_ shape: [Int]) -> Parameter {
        let depth = Float(max(1, shape.suffix(3).reduce(1, *)))
        return Parameter(name: "weight", shape: shape, values: floats(shape.reduce(1, *)).map { $0 * (6 / depth).squareRoot() })
    }

    mutating func positive(_ count: Int) -> Parameter {
        Parameter(name: "running_var", shape: [count], values: floats(count).map { abs($0) + 0.5 })
    }

    mutating func norm(_ builder: inout GraphBuilder, _ x: Value, _ layer: String) throws -> Value {
        let channels = x.shape[0]
        return try builder.batchNorm(
            x, weight: positive(channels), bias: parameter([channels]), runningMean: parameter([channels]), runningVar: positive(channels),
            layer: layer)
    }
}

/// The largest difference, in units of the reference's root mean square; values start near 1, and a map of which a ReLU left next to
/// nothing has the rounding of what it was made of.
func error(_ values: [Float], _ reference: [Double]) -> Double {
    guard values.count == reference.count else { return .infinity }
    let rms = (reference.reduce(0) { $0 + $1 * $1 } / Double(max(reference.count, 1))).squareRoot()
    let largest = zip(values, reference).map { abs(Double($0) - $1) }.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
    return largest / max(rms, 1e-2)
}
