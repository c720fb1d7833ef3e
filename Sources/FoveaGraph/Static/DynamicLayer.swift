import FoveaCompute

/// A convolution whose weights are made for each picture, as a graph has it.
public struct DynamicLayer: Sendable, Hashable {
    /// The path of the module that the stored kernels belong to.
    public let layer: String
    /// [Cin, H, W] of the map that it convolves.
    public let inputShape: Shape

    let node: Int
}

extension Graph {
    /// Its convolutions whose weights are made for each picture, in the order of the computation.
    public var dynamicLayers: [DynamicLayer] {
        nodes.indices.compactMap { index in
            switch nodes[index].operation {
            case .dynamicConvolution, .generatedConvolution:
                DynamicLayer(layer: nodes[index].layer ?? "", inputShape: nodes[nodes[index].inputs[0]].shape, node: index)
            default: nil
            }
        }
    }

    /// The graph up to what decides a layer's weights: its maps are the layer's attentions, or its generated kernel, in the order that
    /// ``freezing(_:attentions:)`` takes them.
    public func attentions(of layer: DynamicLayer) -> Graph {
        ending(in: Array(nodes[layer.node].inputs.dropFirst()))
    }

    /// The same from the layer's own input: what decides its weights, given the map [Cin, H, W] that it convolves.
    ///
    /// - Throws: if something else than that map decides them.
    public func attentionsAlone(of layer: DynamicLayer) throws(GraphError) -> Graph {
        let source = nodes[layer.node].inputs[0]
        let roots = Array(nodes[layer.node].inputs.dropFirst())
        var (needed, open) = (Set<Int>(), roots)
        while let next = open.popLast() {
            guard next != source else { continue }
            guard next != 0 else { throw GraphError(layer: layer.layer, "its weights depend on more than its input") }
            if needed.insert(next).inserted { open += nodes[next].inputs }
        }
        var places = [source: 0]
        var kept = [Node(operation: .input, inputs: [], shape: nodes[source].shape, layer: nil)]
        for index in needed.sorted() {
            places[index] = kept.count
            let node = nodes[index]
            kept.append(
                Node(operation: node.operation, inputs: node.inputs.compactMap { places[$0] }, shape: node.shape, layer: node.layer))
        }
        let part = Graph(
            inputShape: nodes[source].shape, numClasses: 0, taps: [], layers: [], nodes: kept, output: 0, tapNodes: [], names: [])
        return part.ending(in: roots.compactMap { places[$0] })
    }

    /// The same nodes with some of their values as maps and nothing behind them.
    private func ending(in roots: [Int]) -> Graph {
        let taps = roots.map { Tap(layer: nodes[$0].layer ?? "", kind: .kernel, shape: nodes[$0].shape) }
        let output = roots.first ?? 0
        return Graph(
            inputShape: inputShape, numClasses: nodes[output].count, taps: taps, layers: layers, nodes: nodes, output: output,
            tapNodes: roots, names: [])
    }
}
