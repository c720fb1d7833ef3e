import FoveaGraph

/// ResNet's block: convolutions with norms, and their input added to what they make of it.
///
/// torchvision's `BasicBlock` and `Bottleneck`, with any convolution in each place and a gate on the residual branch.
struct ResidualBlock: ResNetBlock {
    enum Kind: Sendable {
        /// Two 3×3 convolutions: `conv1`, which carries the stride, and `conv2`.
        case basic
        /// 1×1, 3×3 and 1×1 convolutions; `conv2` carries the stride, and the block has four times as many channels as its 3×3.
        case bottleneck(groups: Int = 1, widthPerGroup: Int = 64)

        /// Output channels per plane.
        var expansion: Int {
            switch self {
            case .basic: 1
            case .bottleneck: 4
            }
        }

        /// Channels of the 3×3 convolution: int(planes * (base_width / 64.)) * groups, in torchvision/models/resnet.py.
        func width(planes: Int) -> Int {
            switch self {
            case .basic: planes
            case .bottleneck(let groups, let widthPerGroup): Int(Double(planes) * (Double(widthPerGroup) / 64)) * groups
            }
        }
    }

    var kind: Kind
    /// `conv1` of a basic block, `conv1` and `conv3` of a bottleneck.
    var outer: any ConvolutionModule = Conv2d(bias: false)
    /// `conv2`.
    var inner: any ConvolutionModule = Conv2d(bias: false)
    /// `downsample`.
    var shortcut = Shortcut()
    /// Gates the branch before the sum.
    var gate: (any Module)?
    /// What the gate is called: `se` in timm's networks.
    var gateName = "attention"

    /// Whether `conv1` of a bottleneck carries the stride, as in the Caffe original.
    var stridesFirst = false

    /// Whether a ReLU stands between a basic block's last norm and its gate.
    var activatesBranch = false

    var expansion: Int { kind.expansion }

    func callAsFunction(
        _ x: Value, planes: Int, stride: Int, _ weights: Weights, _ graph: inout GraphBuilder
    ) throws -> Value {
        var out: Value
        switch kind {
        case .basic:
            out = try outer(x, Window(channels: planes, kernel: 3, stride: stride, padding: 1), weights["conv1"], &graph)
            out = graph.relu(try graph.batchNorm(out, weights["bn1"]))
            out = try inner(out, Window(channels: planes, kernel: 3, padding: 1), weights["conv2"], &graph)
            out = try graph.batchNorm(out, weights["bn2"])
            if activatesBranch { out = graph.relu(out) }
        case .bottleneck(let groups, _):
            let width = kind.width(planes: planes)
            out = try outer(x, Window(channels: width, stride: stridesFirst ? stride : 1), weights["conv1"], &graph)
            out = graph.relu(try graph.batchNorm(out, weights["bn1"]))
            let window = Window(channels: width, kernel: 3, stride: stridesFirst ? 1 : stride, padding: 1, groups: groups)
            out = try inner(out, window, weights["conv2"], &graph)
            out = graph.relu(try graph.batchNorm(out, weights["bn2"]))
            out = try outer(out, Window(channels: planes * expansion), weights["conv3"], &graph)
            out = try graph.batchNorm(out, weights["bn3"])
        }
        if let gate { out = try gate(out, weights[gateName], &graph) }

        let identity = try shortcut(x, channels: planes * expansion, stride: stride, weights["downsample"], &graph)
        return graph.relu(try graph.add(out, identity))
    }
}
