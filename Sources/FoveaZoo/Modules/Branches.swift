import FoveaGraph

/// Sums over branches that lie one behind the other along the first axis.
extension GraphBuilder {
    /// The sum of `parts` vectors: [parts, C] to [C].
    mutating func sum(_ x: Value, over parts: Int) throws -> Value {
        scale(try mean(x, axis: 0, keepDimension: false), by: Float(parts))
    }

    /// The pooled sum of `parts` feature maps: [parts · C, H, W] to [C]. Pooling is linear: the mean of a sum is the sum of the means.
    mutating func pooledSum(_ maps: Value, parts: Int) throws -> Value {
        try sum(try reshape(try globalAveragePool(maps), to: [parts, maps.channels / parts]), over: parts)
    }

    /// The sum of `parts` feature maps, each channel of each weighted: [parts · C, H, W] by [parts, C] to [C, H, W].
    mutating func mix(_ maps: Value, by weights: Value, parts: Int) throws -> Value {
        let channels = weights.shape.last ?? 0
        let branches = try reshape(maps, to: [parts, channels] + maps.mapShape)
        let weighted = try multiply(branches, try reshape(weights, to: [parts, channels, 1, 1]))
        return try sum(weighted, over: parts)
    }
}
