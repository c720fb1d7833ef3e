import FoveaCompute

/// What a node computes from its inputs. Every operation has a reference in FoveaCompute that says exactly what is meant.
enum Operation: Sendable {
    case input
    case convolution(ConvolutionGeometry, weight: Parameter, bias: Parameter?)
    /// Of x and the attentions that are there.
    case dynamicConvolution(DynamicConvolution)
    /// Of `GeneratedOperands`; the stored kernel and the bias are added to the generated one.
    case generatedConvolution(ConvolutionGeometry, base: Parameter?, bias: Parameter?)
    /// Of `DeformableOperands`.
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
