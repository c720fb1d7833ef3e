import FoveaCompute

/// The stored tensors of a convolution or a linear layer, with the norms behind it multiplied in: y = scale · (W ∗ x) + shift per channel.
struct Fold: Sendable {
    let weight: Parameter
    /// Weights of one output channel of one kernel, and how many kernels there are.
    let depth: Int
    let kernels: Int
    /// Where the outputs are stored in another order, the filter of each; nil is a filter of zeros.
    let order: [Int?]?
    var scale: [Double]?
    var shift: [Double]?
    /// What each output's weights are multiplied by before they are packed, which their step undoes.
    var factors: [Double]?

    init(weight: Parameter, bias: Parameter?, depth: Int, kernels: Int = 1, order: [Int?]? = nil) {
        self.weight = weight
        self.depth = depth
        self.kernels = kernels
        self.order = order
        shift = bias.map { bias in order.map { $0.map { $0.map { Double(bias.values[$0]) } ?? 0 } } ?? bias.values.map(Double.init) }
    }

    /// Weights in all.
    var count: Int { order.map { $0.count * depth } ?? weight.values.count }

    /// Puts a norm behind it.
    mutating func append(_ affine: (scale: [Double], shift: [Double])) {
        scale = scale.map { zip($0, affine.scale).map(*) } ?? affine.scale
        shift = shift.map { old in old.indices.map { old[$0] * affine.scale[$0] + affine.shift[$0] } } ?? affine.shift
    }

    /// For each output, what makes the largest weight of all its kernels the largest number of `Precision.fixed16`.
    var fixed16Factors: [Double] { largestWeights.map(Self.fixed16Factor) }

    /// What does so for the largest weight of all outputs.
    var commonFixed16Factor: Double { Self.fixed16Factor(largestWeights.max() ?? 0) }

    private static func fixed16Factor(_ largest: Double) -> Double {
        // Beyond these, a factor would not be a float32.
        guard largest > 0, largest.isFinite, (-100...100).contains(largest.exponent) else { return 1 }
        return Precision.largestFixed16 / largest
    }

    /// The largest magnitude of each output's weights, in all kernels.
    private var largestWeights: [Double] {
        let outputs = count / (depth * kernels)
        var largest = [Double](repeating: 0, count: outputs)
        withFilters { filters in
            for filter in 0..<outputs * kernels { largest[filter % outputs] = max(largest[filter % outputs], filters.largest(of: filter)) }
        }
        return largest
    }

    /// Hands out the weights as they are run, [kernels · Cout, depth].
    func withFilters(_ body: (ScaledFilters) -> Void) {
        let scales = scale.map { scale in factors.map { zip(scale, $0).map(*) } ?? scale } ?? factors
        let repeated = scales.map { scales in (0..<kernels).flatMap { _ in scales } }
        weight.values.withUnsafeBufferPointer { body(ScaledFilters($0, depth: depth, scale: repeated, order: order)) }
    }
}
