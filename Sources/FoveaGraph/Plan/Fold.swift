import FoveaCompute

/// The stored tensors of a convolution or a linear layer, with the norms behind it multiplied in: y = scale · (W ∗ x) + shift per channel.
struct Fold: Sendable {
    let weight: Parameter
    /// Weights of one output channel of one kernel, and how many kernels there are.
    let depth: Int
    let kernels: Int
    var scale: [Double]?
    var shift: [Double]?

    init(weight: Parameter, bias: Parameter?, depth: Int, kernels: Int = 1) {
        self.weight = weight
        self.depth = depth
        self.kernels = kernels
        shift = bias?.values.map(Double.init)
    }

    /// Puts a norm behind it.
    mutating func append(_ affine: (scale: [Double], shift: [Double])) {
        scale = scale.map { zip($0, affine.scale).map(*) } ?? affine.scale
        shift = shift.map { old in old.indices.map { old[$0] * affine.scale[$0] + affine.shift[$0] } } ?? affine.shift
    }

    /// Writes the weights as they are run.
    func pack(into target: UnsafeMutableBufferPointer<Float>) {
        _ = target.update(fromContentsOf: weight.values)
        guard let scale else { return }
        for row in 0..<kernels * scale.count {
            let factor = scale[row % scale.count]
            for index in row * depth..<(row + 1) * depth { target[index] = Float(Double(target[index]) * factor) }
        }
    }
}
