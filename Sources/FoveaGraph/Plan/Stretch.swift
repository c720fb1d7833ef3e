import FoveaCompute

/// Neighbouring steps of a plan that a batch runs in one of two ways.
struct Stretch: Sendable {
    var steps: Range<Int>
    /// Whether all pictures take each step together, so that its weights stream from memory once for all of them. Otherwise a picture takes
    /// all steps before the next one does, so that its maps stay in cache.
    var isTogether: Bool

    static func cut(_ steps: [Step]) -> [Stretch] {
        var stretches: [Stretch] = []
        for (index, step) in steps.enumerated() {
            if let last = stretches.indices.last, stretches[last].isTogether == step.streamsWeights {
                stretches[last].steps = stretches[last].steps.lowerBound..<index + 1
            } else {
                stretches.append(Stretch(steps: index..<index + 1, isTogether: step.streamsWeights))
            }
        }
        return stretches
    }
}

extension Step {
    /// Whether a batch had better share the weights than keep its maps in cache: they are more than half a megabyte and twice the maps.
    fileprivate var streamsWeights: Bool {
        guard case .map(let kernel) = kernel else { return false }
        let (weights, maps): (Int, Int)
        switch kernel {
        case .product(let step, _):
            // With more positions a panel takes longer to multiply than to come from memory (a byte serves half as many operations as there
            // are positions), and one picture's windows stay nearer than those of all.
            guard step.geometry.outputArea <= 32 else { return false }
            (weights, maps) = (step.weightCount, step.geometry.mapCount)
        case .winograd(let step, _):
            // All pictures' tiles go by for each panel, and had better come from a cache: a megabyte of each picture's, which is what one core's outer cache
            // has, is more than the weights are that would be read anew for each.
            guard step.sharedCount <= 1 << 18 else { return false }
            (weights, maps) = (step.weightCount, step.geometry.mapCount)
        case .dynamic(let step, _):
            // Likewise, beside the kernels that are mixed.
            if case .streamedWinograd = step.method, step.sharedCount > 1 << 16 { return false }
            (weights, maps) = (step.weightCount, step.product.geometry.mapCount)
        case .linear(let step, _): (weights, maps) = (step.weightCount, step.inputs + step.outputs)
        default: return false
        }
        return weights >= max(1 << 17, 2 * maps)
    }
}

extension ConvolutionGeometry {
    fileprivate var mapCount: Int { inputChannels * inputArea + outputChannels * outputArea }
}
