import FoveaCompute

/// What a node computes from its inputs. Every operation has a reference in FoveaCompute that says exactly what is meant.
enum Operation: Sendable {
    case input
    case convolution(ConvolutionGeometry, weight: Parameter, bias: Parameter?)
    case dynamicConvolution(DynamicConvolution)
    /// The second input is the generated kernel; the stored one and the bias are added to it.
    case generatedConvolution(ConvolutionGeometry, base: Parameter?, bias: Parameter?)
    /// The inputs are x, the offsets, and the mask where there is one.
    case deformableConvolution(DeformableGeometry, weight: Parameter, bias: Parameter?)
    /// The mean over the points of a position of the offsets' lengths.
    case offsetLength(points: Int)
    case linear(weight: Parameter, bias: Parameter?)
    case batchNorm(BatchNorm)
    case activation(Activation)
    case scale(Float)
    /// The second input may be smaller and is then repeated; so may the first, where neither has the result's shape.
    case binary(BinaryOperator, Broadcast, Broadcast)
    case softmax(AxisGeometry)
    case standardize(AxisGeometry, epsilon: Float)
    case matrixProduct(MatrixProductGeometry)
    case reduce(Reduction, AxisGeometry)
    case pool(PoolingKind, WindowGeometry)
    case adaptiveAveragePool(input: Extent2D, output: Extent2D)
    case upsampleNearest(input: Extent2D, output: Extent2D)
    case concatenate(outer: Int)
    case reshape
    /// The elements `range` along an axis.
    case slice(AxisGeometry, Range<Int>)
}

/// A convolution whose weights are mixed for each picture; its node's inputs are x and then the attentions that are there, in this order.
struct DynamicConvolution: Sendable {
    let geometry: ConvolutionGeometry
    /// [K, Cout, Cin/groups, kh, kw]
    let kernels: Parameter
    /// [Cout], or [K, Cout] and mixed as the kernels are.
    let bias: Parameter?
    let hasKernelAttention: Bool
    let hasKernelSpatial: Bool
    let hasInputScale: Bool
    let hasOutputScale: Bool

    var kernelCount: Int { kernels.values.count / geometry.weightCount }
    var biasPerKernel: Bool { bias?.shape.count == 2 }
}

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
