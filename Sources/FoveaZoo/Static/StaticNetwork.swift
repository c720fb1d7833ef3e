import FoveaGraph

/// A network whose dynamic convolutions are made static one after the other, in the order of the computation, so that each is calibrated on
/// what the static ones before it compute.
public struct StaticNetwork: Sendable {
    /// What the result is.
    public let counterpart: StaticCounterpart
    /// The network so far: its first layers static, the others not yet.
    public private(set) var graph: Graph
    /// The layers that are done.
    public private(set) var made: [StaticConvolution] = []

    /// - Throws: if there is nothing to be made static, or no plain network to become.
    public init(_ network: Network) throws(ModelError) {
        counterpart = try StaticCounterpart(of: network.configuration)
        graph = network.graph
        guard !graph.dynamicLayers.isEmpty else {
            throw ModelError("The network '\(network.configuration.architecture)' has no dynamic convolution to be made static.")
        }
    }

    /// The layer whose turn it is; nil when all are static.
    public var next: DynamicLayer? { graph.dynamicLayers.first }

    /// Makes the layer whose turn it is static.
    public mutating func freeze(_ layer: DynamicLayer, attentions: [[Double]]) throws(ModelError) {
        do throws(GraphError) {
            let (changed, convolution) = try graph.freezing(layer, attentions: attentions)
            if convolution.bias != nil, !counterpart.hasBiases, convolution.followingMean == nil {
                throw GraphError(
                    layer: layer.layer, "has a bias, which the plain network has no place for: no batch norm follows it alone")
            }
            graph = changed
            made.append(convolution)
        } catch {
            throw ModelError("\(error).")
        }
    }

    /// A tensor of the result that the dynamic network does not have under this name and with these values.
    public struct Tensor: Sendable {
        /// Its state-dict name.
        public let name: String
        /// Outermost first.
        public let shape: [Int]
        /// As many as the shape says, row-major.
        public let values: [Float]
        /// The tensor of the dynamic network whose type it is stored as.
        public let like: String
    }

    /// The tensors that the layers done so far put into the checkpoint, and the scopes that they leave: every tensor below is gone.
    public var changes: (tensors: [Tensor], scopes: [String]) {
        var (tensors, scopes): ([Tensor], [String]) = ([], [])
        for layer in made {
            // `base_conv` holds the stored kernel beside a generated one.
            let suffix = ".base_conv"
            let scope = layer.layer.hasSuffix(suffix) ? String(layer.layer.dropLast(suffix.count)) : layer.layer
            scopes.append(scope)
            tensors.append(Tensor(name: scope + ".weight", shape: layer.shape, values: layer.weight, like: layer.kernels))
            let zeros = [Float](repeating: 0, count: layer.shape.first ?? 0)
            if counterpart.hasBiases {
                tensors.append(Tensor(name: scope + ".bias", shape: [zeros.count], values: layer.bias ?? zeros, like: layer.kernels))
            } else if let bias = layer.bias, let mean = layer.followingMean {
                // The norm subtracts its mean first: that of y + b is b more than that of y.
                tensors.append(
                    Tensor(name: mean.name, shape: mean.shape, values: zip(mean.values, bias).map { $0 - $1 }, like: mean.name))
            }
        }
        return (tensors, scopes)
    }
}
