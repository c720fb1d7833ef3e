import FoveaCompute

/// Runs a graph as it is written, node by node by the references, in double precision: the oracle of `Plan` and `Session`. Slow.
public struct ReferenceExecutor: Sendable {
    private let graph: Graph

    /// Runs `graph` as it is, without folding or fusing.
    public init(_ graph: Graph) {
        self.graph = graph
    }

    /// - Parameter values: One picture of the graph's input shape.
    /// - Returns: The logits and every map, in the order of `Graph.taps`.
    public func run(_ values: [Float]) throws(GraphError) -> (logits: [Double], maps: [[Double]]) {
        guard values.count == graph.nodes[0].count else {
            throw GraphError("a picture of \(values.count) numbers was given, but \(graph.inputShape) is needed")
        }
        var results: [[Double]] = []
        for node in graph.nodes {
            results.append(evaluate(node, node.inputs.map { results[$0] }, input: values))
        }
        return (results[graph.output], graph.tapNodes.map { results[$0] })
    }

    private func evaluate(_ node: Node, _ inputs: [[Double]], input: [Float]) -> [Double] {
        func double(_ parameter: Parameter?) -> [Double]? { parameter?.values.map(Double.init) }
        switch node.operation {
        case .input: return input.map(Double.init)
        case .convolution(let geometry, let weight, let bias):
            return Reference.convolution(inputs[0], weight: weight.values.map(Double.init), bias: double(bias), geometry)
        case .dynamicConvolution(let operation): return evaluate(operation, inputs)
        case .generatedConvolution(let geometry, let base, let bias):
            let operands = GeneratedOperands(inputs)
            let weight = double(base).map { Reference.binary(.add, $0, operands.kernel) } ?? operands.kernel
            return Reference.convolution(operands.x, weight: weight, bias: double(bias), geometry)
        case .deformableConvolution(let geometry, let weight, let bias):
            let operands = DeformableOperands(inputs)
            return Reference.deformableConvolution(
                operands.x, offset: operands.offset, mask: operands.mask, weight: weight.values.map(Double.init), bias: double(bias),
                geometry)
        case .offsetLength(let points): return Reference.offsetLength(inputs[0], points: points)
        case .linear(let weight, let bias):
            return Reference.linear(inputs[0], weight: weight.values.map(Double.init), bias: double(bias))
        case .batchNorm(let norm):
            return Reference.affine(inputs[0], scale: norm.affine.scale, shift: norm.affine.shift)
        case .activation(let activation): return Reference.activation(inputs[0], activation)
        case .scale(let factor): return inputs[0].map { $0 * Double(factor) }
        case .binary(let operation, let first, let second):
            return Reference.binary(operation, Reference.expand(inputs[0], first), Reference.expand(inputs[1], second))
        case .softmax(let axis): return Reference.softmax(inputs[0], axis)
        case .standardize(let axis, let epsilon): return Reference.standardize(inputs[0], axis, epsilon: Double(epsilon))
        case .matrixProduct(let geometry): return Reference.matrixProduct(inputs[0], inputs[1], geometry)
        case .reduce(let reduction, let axis): return Reference.reduce(inputs[0], reduction, axis)
        case .pool(let kind, let window): return Reference.pool(inputs[0], kind, channels: node.shape[0], window)
        case .adaptiveAveragePool(let input, let output):
            return Reference.adaptiveAveragePool(inputs[0], channels: node.shape[0], input: input, output: output)
        case .upsampleNearest(let input, let output):
            return Reference.upsampleNearest(inputs[0], channels: node.shape[0], input: input, output: output)
        case .concatenate(let outer): return Reference.concatenate(inputs, outer: outer)
        case .reshape: return inputs[0]
        case .slice(let axis, let range): return Reference.slice(inputs[0], axis, range)
        }
    }

    private func evaluate(_ operation: DynamicConvolution, _ inputs: [[Double]]) -> [Double] {
        let attentions = Array(inputs.dropFirst())
        let attention = operation.operand(.kernel, of: attentions)
        let geometry = operation.geometry
        let weight = Reference.mixedKernels(
            operation.kernels.values.map(Double.init), kernelAttention: attention,
            kernelSpatial: operation.operand(.kernelSpatial, of: attentions), inputScale: operation.operand(.inputScale, of: attentions),
            geometry)
        let stored = operation.bias?.values.map(Double.init)
        let bias = stored.map { stored in
            guard operation.biasPerKernel else { return stored }
            return (0..<geometry.outputChannels).map { channel in
                (0..<operation.kernelCount).reduce(0) {
                    $0 + (attention?[$1] ?? 1) * stored[$1 * geometry.outputChannels + channel]
                }
            }
        }
        let output = Reference.convolution(inputs[0], weight: weight, bias: bias, geometry)
        guard let outputScale = operation.operand(.outputScale, of: attentions) else { return output }
        return output.indices.map { output[$0] * outputScale[$0 / geometry.outputArea] }
    }
}
