import FoveaGraph

/// ResNeSt's bottleneck, whose tensors timm has under the same names: a bottleneck whose 3×3 convolution is split attention, and whose stride is an average pooling beside it.
struct ResNeStBottleneck: ResNetBlock {
    var radix = 2
    var cardinality = 1
    /// Channels per group where a stage has 64 planes.
    var baseWidth = 64
    /// Whether the pooling stands before the convolution.
    var poolsFirst = false
    /// Whether the width of the attention's bottleneck follows the paper's repository (zhanghang1989/ResNeSt) instead of timm, and so the pooling's name.
    var truncates = false

    var expansion: Int { 4 }

    func callAsFunction(_ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let width = Int(Double(planes) * (Double(baseWidth) / 64)) * cardinality
        var out = try graph.conv1x1(x, to: width, weights["conv1"], bias: false)
        out = graph.relu(try graph.batchNorm(out, weights["bn1"]))
        if stride > 1, poolsFirst { out = try pool(out, stride, weights[truncates ? "avd_layer" : "avd_first"], &graph) }
        // Its own norm and activation are within: `bn2` and `act2` do nothing.
        let split = SplitAttention(radix: radix, truncates: truncates, batchNorm: true, groups: cardinality)
        out = try split(out, Window(channels: width, kernel: 3, padding: 1), weights["conv2"], &graph)
        if stride > 1, !poolsFirst { out = try pool(out, stride, weights[truncates ? "avd_layer" : "avd_last"], &graph) }
        out = try graph.batchNorm(try graph.conv1x1(out, to: planes * expansion, weights["conv3"], bias: false), weights["bn3"])
        let identity = try Shortcut(averages: true)(x, channels: planes * expansion, stride: stride, weights["downsample"], &graph)
        return graph.relu(try graph.add(out, identity))
    }

    private func pool(_ x: Value, _ stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        try graph.averagePool(x, kernel: 3, stride: stride, padding: 1, layer: weights.path)
    }
}
