extension Gradients {
    /// - Parameter y: the operation's output
    public static func activation(_ g: [Double], _ activation: Activation, y: [Double]) -> [Double] {
        switch activation {
        case .relu: zip(g, y).map { $1 > 0 ? $0 : 0 }
        case .sigmoid: zip(g, y).map { $0 * $1 * (1 - $1) }
        case .squareRoot: zip(g, y).map { $0 / (2 * $1) }
        }
    }

    /// Of x · scale + shift along the first axis.
    public static func affine(_ g: [Double], scale: [Double]) -> [Double] {
        let area = g.count / scale.count
        return g.indices.map { g[$0] * scale[$0 / area] }
    }

    /// The gradient of a tensor that was repeated over a larger one: the sum over its copies.
    public static func contract(_ g: [Double], _ broadcast: Broadcast) -> [Double] {
        guard !broadcast.isIdentity else { return g }
        var sums = [Double](repeating: 0, count: broadcast.operandCount)
        var index = 0
        for outer in 0..<broadcast.outer {
            for _ in 0..<broadcast.repeated {
                for inner in 0..<broadcast.inner {
                    sums[outer * broadcast.inner + inner] += g[index]
                    index += 1
                }
            }
        }
        return sums
    }

    /// Of a ∘ b with respect to a, before any contraction.
    ///
    /// - Parameter b: laid over the output; needed for a product or a quotient
    public static func first(_ g: [Double], _ operation: BinaryOperator, b: [Double]) -> [Double] {
        switch operation {
        case .add, .subtract: g
        case .multiply: zip(g, b).map { $0 * $1 }
        case .divide: zip(g, b).map { $0 / $1 }
        }
    }

    /// Of a ∘ b with respect to b, before any contraction.
    ///
    /// - Parameter a: laid over the output, as is `b`; needed for a product or a quotient
    public static func second(_ g: [Double], _ operation: BinaryOperator, a: [Double], b: [Double]) -> [Double] {
        switch operation {
        case .add: g
        case .subtract: g.map { -$0 }
        case .multiply: zip(g, a).map { $0 * $1 }
        case .divide: g.indices.map { -g[$0] * a[$0] / (b[$0] * b[$0]) }
        }
    }

    /// - Parameter y: the softmax
    public static func softmax(_ g: [Double], _ axis: AxisGeometry, y: [Double]) -> [Double] {
        var result = g
        Reference.along(axis) { indices in
            let mean = indices.reduce(0) { $0 + g[$1] * y[$1] }
            for index in indices { result[index] = y[index] * (g[index] - mean) }
        }
        return result
    }

    /// Of (x - mean) / (std + ε), std unbiased.
    public static func standardize(_ g: [Double], _ axis: AxisGeometry, epsilon: Double, x: [Double]) -> [Double] {
        var result = g
        Reference.along(axis) { indices in
            let count = Double(indices.count)
            let mean = indices.reduce(0) { $0 + x[$1] } / count
            let variance = indices.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / (count - 1)
            let deviation = variance.squareRoot()
            let meanGradient = indices.reduce(0) { $0 + g[$1] } / count
            // ∂std/∂x = (x - mean) / ((n - 1) · std); a constant map deviates by nothing, and its gradient is the mean's alone.
            let along = indices.reduce(0) { $0 + g[$1] * (x[$1] - mean) }
            let slope = deviation > 0 ? along / ((count - 1) * deviation * (deviation + epsilon) * (deviation + epsilon)) : 0
            for index in indices { result[index] = (g[index] - meanGradient) / (deviation + epsilon) - (x[index] - mean) * slope }
        }
        return result
    }

    /// Of the mean, or of the largest element (the first of equals), along an axis.
    ///
    /// - Parameter x: the operation's input; needed for the largest element
    public static func reduce(_ g: [Double], _ reduction: Reduction, _ axis: AxisGeometry, x: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: axis.outer * axis.length * axis.inner)
        var output = 0
        for outer in 0..<axis.outer {
            for inner in 0..<axis.inner {
                let first = outer * axis.length * axis.inner + inner
                switch reduction {
                case .mean:
                    for index in 0..<axis.length { result[first + index * axis.inner] = g[output] / Double(axis.length) }
                case .max:
                    var best = first
                    for index in 1..<max(axis.length, 1) where x[first + index * axis.inner] > x[best] { best = first + index * axis.inner }
                    result[best] = g[output]
                }
                output += 1
            }
        }
        return result
    }
}
