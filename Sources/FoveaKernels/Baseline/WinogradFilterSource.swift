import FoveaCompute

/// Where the filters of a convolution by Winograd come from, whose filters are streamed.
enum WinogradFilterSource {
    /// The same for all pictures.
    case stored(Place)
    /// Mixed for each picture.
    case mixed(DynamicProduct, DynamicProduct.Sources)

    /// Whether each picture has filters of its own.
    var isMixed: Bool {
        if case .mixed = self { true } else { false }
    }

    /// What scales the maps before their tiles are transformed.
    var gates: Place? {
        guard case .mixed(let step, let sources) = self else { return nil }
        return step.inputGates(sources)
    }
}
