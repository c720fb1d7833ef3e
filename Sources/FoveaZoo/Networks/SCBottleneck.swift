import FoveaGraph

/// SCNet's block (Liu et al., CVPR 2020): two bottlenecks of half the width side by side, one plain and one self-calibrated.
struct SCBottleneck: ResNetBlock {
    var cardinality = 1
    /// Channels per group and branch where a stage has 64 planes.
    var bottleneckWidth = 32
    /// Whether the stride is an average pooling behind the branches, on the shortcut too: the `v1d` forms.
    var averages = false

    var expansion: Int { 4 }

    func callAsFunction(_ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let width = Int(Double(planes) * (Double(bottleneckWidth) / 64)) * cardinality
        let pools = averages && stride > 1
        let window = Window(channels: width, kernel: 3, stride: pools ? 1 : stride, padding: 1, groups: cardinality)

        var plain = graph.relu(try graph.batchNorm(try graph.conv1x1(x, to: width, weights["conv1_a"], bias: false), weights["bn1_a"]))
        let k1 = weights["k1"]
        plain = graph.relu(try graph.batchNorm(try graph.conv2d(plain, window, k1[0], bias: false), k1[1]))
        var calibrated = graph.relu(try graph.batchNorm(try graph.conv1x1(x, to: width, weights["conv1_b"], bias: false), weights["bn1_b"]))
        calibrated = graph.relu(try SCConv()(calibrated, window, weights["scconv"], &graph))

        var out = try graph.concatenate([plain, calibrated])
        if pools { out = try graph.averagePool(out, kernel: 3, stride: stride, padding: 1, layer: weights["avd_layer"].path) }
        out = try graph.batchNorm(try graph.conv1x1(out, to: planes * expansion, weights["conv3"], bias: false), weights["bn3"])
        let shortcut = Shortcut(averages: averages)
        let identity = try shortcut(x, channels: planes * expansion, stride: stride, weights["downsample"], &graph)
        return graph.relu(try graph.add(out, identity))
    }
}
