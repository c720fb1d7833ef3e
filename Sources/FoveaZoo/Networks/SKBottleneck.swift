import FoveaGraph

/// The bottleneck of PytorchInsight's `sk_resnet*`: a plain 3×3 convolution and one in 32 groups, mixed per channel by a softmax, with
/// everything in the block's own scope.
///
/// Maps: `branch` [2, C], under the block's name.
struct SKBottleneck: ResNetBlock {
    var groups = 32
    var reduction = 16

    var expansion: Int { 4 }

    func callAsFunction(_ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var out = graph.relu(try graph.batchNorm(try graph.conv1x1(x, to: planes, weights["conv1"], bias: false), weights["bn1"]))
        out = try select(out, planes, stride, weights, &graph)
        out = try graph.batchNorm(try graph.conv1x1(out, to: planes * expansion, weights["conv3"], bias: false), weights["bn3"])
        let identity = try Shortcut()(x, channels: planes * expansion, stride: stride, weights["downsample"], &graph)
        return graph.relu(try graph.add(out, identity))
    }

    private func select(_ x: Value, _ planes: Int, _ stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let hidden = planes / reduction
        guard hidden > 0 else {
            throw ModelError("\(weights.path): the selection divides its channels by \(reduction), which leaves none of \(planes).")
        }
        var window = Window(channels: planes, kernel: 3, stride: stride, padding: 1)
        var branches: [Value] = []
        for (groups, suffix) in [(1, ""), (groups, "g")] {
            window.groups = groups
            let map = try graph.conv2d(x, window, weights["conv2" + suffix], bias: false)
            branches.append(graph.relu(try graph.batchNorm(map, weights["bn2" + suffix])))
        }
        let stacked = try graph.concatenate(branches)
        var z = try graph.conv1x1(try graph.pooledSum(stacked, parts: 2), to: hidden, weights["conv_fc1"], bias: false)
        z = graph.relu(try graph.batchNorm(z, weights["bn_fc1"]))
        let scores = try graph.conv1x1(z, to: 2 * planes, weights["conv_fc2"], bias: false)
        let gate = try graph.softmax(try graph.reshape(scores, to: [2, planes]), axis: 0)
        let out = try graph.mix(stacked, by: gate, parts: 2)
        graph.module(weights.path, operation: "SKBottleneck", output: out)
        try graph.tap(gate, layer: weights.path, kind: .branch, shape: [2, planes])
        return out
    }
}
