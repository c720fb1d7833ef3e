import FoveaCompute

/// A convolution whose weights are mixed for each picture.
struct DynamicConvolution: Sendable {
    /// What the kernels are mixed by; one that is not there is 1.
    enum Attention: Sendable {
        /// K numbers
        case kernel
        /// kh·kw numbers
        case kernelSpatial
        /// Cin numbers
        case inputScale
        /// Cout numbers
        case outputScale
    }

    let geometry: ConvolutionGeometry
    /// [K, Cout, Cin/groups, kh, kw]
    let kernels: Parameter
    /// [Cout], or [K, Cout] and mixed as the kernels are.
    let bias: Parameter?
    /// Those that are there, in the order of the node's inputs behind x.
    let attentions: [Attention]

    var kernelCount: Int { kernels.values.count / geometry.weightCount }
    var biasPerKernel: Bool { bias?.shape.count == 2 }

    /// What belongs to an attention, if it is there.
    ///
    /// - Parameter operands: the nodes, the buffers or the numbers of all that are there, in their order
    func operand<Operand>(_ attention: Attention, of operands: [Operand]) -> Operand? {
        attentions.firstIndex(of: attention).map { operands[$0] }
    }
}
