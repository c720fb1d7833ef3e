/// A batch norm on its stored statistics: y = (x - mean) / √(var + eps) · weight + bias, along the first axis.
struct BatchNorm: Sendable {
    let weight: Parameter?
    let bias: Parameter?
    let runningMean: Parameter
    let runningVar: Parameter
    let eps: Float

    /// The same map as y = x · scale + shift, computed in double precision.
    var affine: (scale: [Double], shift: [Double]) {
        let scale = runningVar.values.indices.map { index in
            Double(weight?.values[index] ?? 1) / (Double(runningVar.values[index]) + Double(eps)).squareRoot()
        }
        let shift = scale.indices.map { Double(bias?.values[$0] ?? 0) - Double(runningMean.values[$0]) * scale[$0] }
        return (scale, shift)
    }
}
