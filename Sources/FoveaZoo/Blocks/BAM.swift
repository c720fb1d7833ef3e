import FoveaGraph

/// BAM (Park et al., 2018): 1 + σ(channel scores · position scores), between the stages of a network.
///
/// Maps: `channel` [C] and `spatial` [H, W], the means of the gate σ(…) [C, H, W] over the positions and over the channels.
struct BAM: Module {
    var reductionRatio = 16
    /// Of the two 3×3 convolutions that see the surroundings of a position.
    var dilation = 4

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = x.channels / reductionRatio
        guard hidden > 0 else {
            throw ModelError("\(weights.path): BAM divides its channels by \(reductionRatio), which leaves none of \(x.channels).")
        }
        guard x.mapShape.first == x.mapShape.last else {
            throw ModelError("\(weights.path): BAM pools over a square map, but here it is \(x.mapShape); choose a square input_size.")
        }
        let channel = try channelScores(x, hidden, weights["channel_att"]["gate_c"], &graph)
        let spatial = try spatialScores(x, hidden, weights["spatial_att"]["gate_s"], &graph)
        let gate = graph.sigmoid(try graph.multiply(try graph.reshape(channel, to: [x.channels, 1, 1]), spatial))
        let gated = try graph.add(x, try graph.multiply(x, gate))
        graph.module(weights.path, operation: "BAM", output: gated)
        try graph.tap(try graph.globalAveragePool(gate), layer: weights.path, kind: .channel, shape: [x.channels])
        try graph.tap(try graph.mean(gate, axis: 0), layer: weights.path, kind: .spatial, shape: x.mapShape)
        return gated
    }

    /// [C]
    private func channelScores(_ x: Value, _ hidden: Int, _ gate: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var z = try graph.linear(try graph.globalAveragePool(x), to: hidden, gate["gate_c_fc_0"])
        z = try graph.batchNorm(z, gate["gate_c_bn_1"])
        graph.module(gate["gate_c_bn_1"].path, operation: "BatchNorm1d", output: z)
        z = graph.relu(z)
        return try graph.linear(z, to: x.channels, gate["gate_c_fc_final"])
    }

    /// [1, H, W]
    private func spatialScores(_ x: Value, _ hidden: Int, _ gate: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var z = try graph.conv1x1(x, to: hidden, gate["gate_s_conv_reduce0"])
        z = graph.relu(try graph.batchNorm(z, gate["gate_s_bn_reduce0"]))
        for index in 0..<2 {
            let window = Window(channels: hidden, kernel: 3, padding: dilation, dilation: dilation)
            z = try graph.conv2d(z, window, gate["gate_s_conv_di_\(index)"])
            z = graph.relu(try graph.batchNorm(z, gate["gate_s_bn_di_\(index)"]))
        }
        return try graph.conv1x1(z, to: 1, gate["gate_s_conv_final"])
    }
}
