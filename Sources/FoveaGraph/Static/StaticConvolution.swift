import FoveaCompute

/// What a dynamic convolution becomes once its attentions stand still: one kernel for all pictures.
public struct StaticConvolution: Sendable {
    /// As in ``DynamicLayer/layer``.
    public let layer: String
    /// The stored kernels' name.
    public let kernels: String
    /// [Cout, Cin/groups, kh, kw], all attentions multiplied in.
    public let weight: [Float]
    /// The shape of `weight`.
    public let shape: Shape
    /// [Cout], where the layer has biases.
    public let bias: [Float]?
    /// The running mean of the batch norm that follows, where one does and nothing else reads the convolution: a bias can be taken from it.
    public let followingMean: Parameter?
}

extension Graph {
    /// The graph with one dynamic layer made static, and that layer's weights.
    ///
    /// Where k, s, c and f are the attentions over kernels, kernel positions, input and output channels, the weight is
    /// f[o] · c[i] · s[y, x] · Σₖ k[k] · W[k, o, i, y, x], and the bias f[o] · Σₖ k[k] · b[k, o]; a generated kernel is added to the stored
    /// one. Computed in double precision.
    /// - Parameter attentions: As many as the layer has, in the order of ``attentions(of:)``.
    /// - Throws: if they are not, or one is not finite.
    public func freezing(_ layer: DynamicLayer, attentions: [[Double]]) throws(GraphError) -> (graph: Graph, made: StaticConvolution) {
        let node = nodes[layer.node]
        guard attentions.map(\.count) == node.inputs.dropFirst().map({ nodes[$0].count }) else {
            throw GraphError(layer: layer.layer, "was given attentions of \(attentions.map(\.count)) numbers")
        }
        guard attentions.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw GraphError(layer: layer.layer, "its attentions over the calibration pictures are not finite")
        }
        let (geometry, name, values, biases): (ConvolutionGeometry, String, [Double], [Double]?)
        switch node.operation {
        case .dynamicConvolution(let operation):
            (geometry, name) = (operation.geometry, operation.kernels.name)
            (values, biases) = operation.frozen(attentions)
        case .generatedConvolution(let given, let base, let bias):
            (geometry, name) = (given, base?.name ?? layer.layer + ".weight")
            values = base.map { zip($0.values, attentions[0]).map { Double($0) + $1 } } ?? attentions[0]
            biases = bias?.values.map(Double.init)
        default: throw GraphError(layer: layer.layer, "is no dynamic convolution")
        }
        let kernel = geometry.window.kernel
        let shape = [geometry.outputChannels, geometry.inputsPerGroup, kernel.height, kernel.width]
        let weight = values.map(Float.init)
        let bias = biases.map { $0.map(Float.init) }
        guard weight.allSatisfy(\.isFinite), bias?.allSatisfy(\.isFinite) ?? true else {
            throw GraphError(layer: layer.layer, "its static weights are too large for float32")
        }
        var changed = nodes
        changed[layer.node] = Node(
            operation: .convolution(
                geometry, weight: Parameter(name: layer.layer + ".weight", shape: shape, values: weight),
                bias: bias.map { Parameter(name: layer.layer + ".bias", shape: [geometry.outputChannels], values: $0) }),
            inputs: [node.inputs[0]], shape: node.shape, layer: node.layer)
        let graph = Graph(
            inputShape: inputShape, numClasses: numClasses, taps: taps, layers: layers, nodes: changed, output: output, tapNodes: tapNodes,
            names: names)
        let made = StaticConvolution(
            layer: layer.layer, kernels: name, weight: weight, shape: shape, bias: bias, followingMean: meanBehind(layer.node))
        return (graph, made)
    }

    private func meanBehind(_ index: Int) -> Parameter? {
        let readers = nodes.indices.filter { nodes[$0].inputs.contains(index) }
        guard readers.count == 1, index != output, !tapNodes.contains(index), case .batchNorm(let norm) = nodes[readers[0]].operation else {
            return nil
        }
        return norm.runningMean
    }
}

extension DynamicConvolution {
    /// Its weights and biases under the given attentions, in the order of the node's inputs.
    fileprivate func frozen(_ attentions: [[Double]]) -> (weight: [Double], bias: [Double]?) {
        let mix = operand(.kernel, of: attentions) ?? [1]
        let spatial = operand(.kernelSpatial, of: attentions)
        let inputScale = operand(.inputScale, of: attentions)
        let outputScale = operand(.outputScale, of: attentions)

        let (area, depth) = (geometry.window.kernel.area, geometry.depth)
        var weight = [Double](repeating: 0, count: geometry.weightCount)
        for (number, share) in mix.enumerated() {
            for index in weight.indices { weight[index] += share * Double(kernels.values[number * geometry.weightCount + index]) }
        }
        for index in weight.indices {
            let output = index / depth
            let input = output / geometry.outputsPerGroup * geometry.inputsPerGroup + index % depth / area
            weight[index] *= (outputScale?[output] ?? 1) * (inputScale?[input] ?? 1) * (spatial?[index % area] ?? 1)
        }
        guard let bias else { return (weight, nil) }
        return (
            weight,
            (0..<geometry.outputChannels).map { output in
                let mixed =
                    biasPerKernel
                    ? mix.indices.reduce(0) { $0 + mix[$1] * Double(bias.values[$1 * geometry.outputChannels + output]) }
                    : Double(bias.values[output])
                return mixed * (outputScale?[output] ?? 1)
            }
        )
    }
}
