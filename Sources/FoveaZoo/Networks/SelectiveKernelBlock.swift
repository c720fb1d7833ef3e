import FoveaGraph

/// timm's `SelectiveKernelBasic` and `SelectiveKernelBottleneck` (timm/models/sknet.py): a residual block whose `conv1`, or whose 3×3 `conv2`, is a
/// selective kernel, and whose convolutions hold their norms.
struct SelectiveKernelBlock: ResNetBlock {
    var kind: ResidualBlock.Kind
    var selective = SelectiveKernel()
    var shortcut = Shortcut()

    var expansion: Int { kind.expansion }

    func callAsFunction(_ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var out: Value
        switch kind {
        case .basic:
            out = try selective(x, Window(channels: planes, kernel: 3, stride: stride, padding: 1), weights["conv1"], &graph)
            out = try graph.convNorm(out, Window(channels: planes, kernel: 3, padding: 1), weights["conv2"])
        case .bottleneck(let groups, _):
            let width = kind.width(planes: planes)
            out = graph.relu(try graph.convNorm(x, Window(channels: width), weights["conv1"]))
            let window = Window(channels: width, kernel: 3, stride: stride, padding: 1, groups: groups)
            out = try selective(out, window, weights["conv2"], &graph)
            out = try graph.convNorm(out, Window(channels: planes * expansion), weights["conv3"])
        }
        let identity = try shortcut(x, channels: planes * expansion, stride: stride, weights["downsample"], &graph)
        return graph.relu(try graph.add(out, identity))
    }
}
