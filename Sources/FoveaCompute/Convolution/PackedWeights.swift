/// A step whose kernel reads its weights in an order of its own: they are packed into it once.
package protocol PackedWeights: Sendable {
    /// Numbers of float32 that the packed weights take.
    var weightCount: Int { get }
    /// How they are stored.
    var precision: Precision { get }

    /// - Parameter filters: as PyTorch stores them
    /// - Parameter target: `weightCount` zeros
    func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>)
}

extension PackedWeights {
    /// float32, where a step has no choice.
    package var precision: Precision { .float32 }
}
