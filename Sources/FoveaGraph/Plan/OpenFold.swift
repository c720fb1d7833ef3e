import FoveaCompute

/// A step's weights that are yet to be packed, while norms may still join them.
struct OpenFold: Sendable {
    var fold: Fold
    let packing: Packing
    let constant: Int
    let channels: Int
    /// Elements of each channel of the result.
    let area: Int
    /// For a dynamic convolution, what happens between its sum and the norm's shift.
    var outputScale: Int?
    /// The step that mixes the bias, where each kernel has its own.
    var biasStep: Int?
    var bias: [Double]?
}
