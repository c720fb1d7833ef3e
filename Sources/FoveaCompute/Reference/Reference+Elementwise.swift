import Glibc

extension Reference {
    /// max(x, 0), 1 / (1 + exp(-x)) or √x.
    public static func activation(_ x: [Double], _ activation: Activation) -> [Double] {
        switch activation {
        case .relu: x.map { $0 < 0 ? 0 : $0 }
        case .sigmoid: x.map { 1 / (1 + exp(-$0)) }
        case .squareRoot: x.map { $0.squareRoot() }
        }
    }

    /// A stored-statistics batch norm along the first axis: x · scale + shift.
    public static func affine(_ x: [Double], scale: [Double], shift: [Double]) -> [Double] {
        let area = x.count / scale.count
        return x.indices.map { x[$0] * scale[$0 / area] + shift[$0 / area] }
    }

    /// The elements of a smaller tensor repeated over a larger one.
    public static func expand(_ x: [Double], _ broadcast: Broadcast) -> [Double] {
        (0..<broadcast.count).map { index in
            x[index / (broadcast.repeated * broadcast.inner) * broadcast.inner + index % broadcast.inner]
        }
    }

    /// a + b, a - b, a · b or a / b, element by element.
    public static func binary(_ operation: BinaryOperator, _ a: [Double], _ b: [Double]) -> [Double] {
        switch operation {
        case .add: zip(a, b).map { $0 + $1 }
        case .subtract: zip(a, b).map { $0 - $1 }
        case .multiply: zip(a, b).map { $0 * $1 }
        case .divide: zip(a, b).map { $0 / $1 }
        }
    }

    /// exp(x - max) divided by its sum along an axis.
    public static func softmax(_ x: [Double], _ axis: AxisGeometry) -> [Double] {
        var output = x
        along(axis) { indices in
            let largest = indices.map { x[$0] }.max() ?? 0
            let sum = indices.reduce(0) { $0 + exp(x[$1] - largest) }
            for index in indices { output[index] = exp(x[index] - largest) / sum }
        }
        return output
    }

    /// The mean or the largest element along an axis.
    public static func reduce(_ x: [Double], _ reduction: Reduction, _ axis: AxisGeometry) -> [Double] {
        var output: [Double] = []
        along(axis) { indices in
            let elements = indices.map { x[$0] }
            switch reduction {
            case .mean: output.append(elements.reduce(0, +) / Double(elements.count))
            case .max: output.append(elements.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 })
            }
        }
        return output
    }

    /// Tensors one behind the other along an axis with `outer` elements before it.
    public static func concatenate(_ parts: [[Double]], outer: Int) -> [Double] {
        (0..<outer).flatMap { index in
            parts.flatMap { part in part[index * (part.count / outer)..<(index + 1) * (part.count / outer)] }
        }
    }

    static func along(_ axis: AxisGeometry, _ body: ([Int]) -> Void) {
        for outer in 0..<axis.outer {
            for inner in 0..<axis.inner {
                body((0..<axis.length).map { (outer * axis.length + $0) * axis.inner + inner })
            }
        }
    }
}
