import FoveaGraph

/// `scSE` (Roy et al., 2018): what `cSE` and `sSE` let through, added.
///
/// Maps: `channel` [C], `spatial` [H, W].
struct ConcurrentSqueezeExcitation: Module {
    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let channel = try ChannelSqueezeExcitation().gate(x, weights["cSE"], &graph)
        let spatial = try SpatialSqueezeExcitation().gate(x, weights["sSE"], &graph)
        let gated = try graph.add(try graph.multiply(x, channel), try graph.multiply(x, spatial))
        graph.module(weights.path, operation: "scSE", output: gated)
        try graph.tap(channel, layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(spatial, layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }
}
