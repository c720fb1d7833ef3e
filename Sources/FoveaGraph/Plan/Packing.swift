import FoveaCompute

/// How the kernel of a step reads its weights.
enum Packing: Sendable {
    /// As PyTorch stores them.
    case rowMajor
    case packed(any PackedWeights)

    /// Numbers of float32 that the packed weights take.
    func count(_ fold: Fold) -> Int {
        switch self {
        case .rowMajor: fold.count
        case .packed(let step): step.weightCount
        }
    }

    /// How the packed weights are stored.
    var precision: Precision {
        switch self {
        case .rowMajor: .float32
        case .packed(let step): step.precision
        }
    }

    /// - Parameter target: zeroed
    func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        switch self {
        case .rowMajor: filters.write(to: target)
        case .packed(let step): step.pack(filters, to: target)
        }
    }
}
