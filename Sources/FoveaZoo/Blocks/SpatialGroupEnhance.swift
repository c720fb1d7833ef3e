import FoveaGraph

/// Spatial group-wise enhance (Li et al., 2019), as its authors' repository has it: per group of channels a sigmoid gate per position, from
/// the position's similarity with the group's pooled vector, standardised over the map.
///
/// Maps: `group_spatial` [G, H, W], and `spatial` [H, W], its mean.
struct SpatialGroupEnhance: Module {
    var groups = 64

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        guard x.channels.isMultiple(of: groups) else {
            throw ModelError("\(weights.path): \(x.channels) channels cannot be divided into \(groups) groups.")
        }
        let area = x.mapShape.reduce(1, *)
        guard area > 1 else {
            throw ModelError("\(weights.path): a map of one position has no deviation to be divided by; the input_size is too small.")
        }
        let pooled = try graph.globalAveragePool(x, layer: weights["avg_pool"].path)
        let parts = try graph.reshape(x, to: [groups, x.channels / groups, area])
        let similarity = try graph.matrixProduct(try graph.reshape(pooled, to: [groups, 1, x.channels / groups]), parts)
        let standard = try graph.standardize(try graph.reshape(similarity, to: [groups, area]), axis: 1, epsilon: 1e-5)
        let gate = graph.sigmoid(
            try graph.affine(
                standard, weight: try perGroup("weight", weights), bias: try perGroup("bias", weights), layer: weights.path))

        let gated = try graph.reshape(try graph.multiply(parts, try graph.reshape(gate, to: [groups, 1, area])), to: x.shape)
        graph.module(weights.path, operation: "SpatialGroupEnhance", output: gated)
        try graph.tap(gate, layer: weights.path, kind: .groupSpatial, shape: [groups] + x.mapShape)
        try graph.tap(try graph.mean(gate, axis: 0), layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }

    /// [1, G, 1, 1] in the checkpoint.
    private func perGroup(_ name: String, _ weights: Weights) throws -> Parameter {
        let stored = try weights.parameter(name, shape: [1, groups, 1, 1])
        return Parameter(name: stored.name, shape: [groups], values: stored.values)
    }
}
