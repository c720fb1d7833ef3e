import FoveaTesting
import Testing

@testable import FoveaGraph

extension Random {
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
