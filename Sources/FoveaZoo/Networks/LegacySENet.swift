import FoveaGraph

/// timm's `legacy_seresnet*` and `legacy_seresnext*` (timm/models/senet.py): SENet as its authors' Caffe weights have it. The pooling of the stem
/// rounds up instead of padding, a bottleneck strides in its first convolution (ResNeXt's in its 3×3), and names are `layer0`, `se_module` and `last_linear`.
struct LegacySENet: Module {
    var layers: [Int]
    /// Planes of each stage.
    var planes: [Int]
    /// Channels of the stem.
    var stemChannels: Int
    var block: ResidualBlock
    var classes: Int

    func callAsFunction(_ picture: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let layer0 = weights["layer0"]
        var x = try graph.conv2d(picture, Window(channels: stemChannels, kernel: 7, stride: 2, padding: 3), layer0["conv1"], bias: false)
        x = graph.relu(try graph.batchNorm(x, layer0["bn1"]))
        x = try graph.maxPool(x, kernel: 3, stride: 2, ceilMode: true, layer: weights["pool0"].path)
        for (stage, (depth, planes)) in zip(layers, planes).enumerated() {
            for index in 0..<depth {
                let stride = stage > 0 && index == 0 ? 2 : 1
                x = try block(x, planes: planes, stride: stride, weights["layer\(stage + 1)"][index], &graph)
                graph.mark(x, layer: weights["layer\(stage + 1)"][index].path)
            }
        }
        x = try graph.globalAveragePool(x, layer: weights["global_pool"].path)
        return try graph.linear(x, to: classes, weights["last_linear"])
    }

    /// Reads `layers`, `inplanes`, `reduction` and, as of the other families, `channels`.
    static func family(_ kind: ResidualBlock.Kind, _ layers: [Int], stridesFirst: Bool = false) -> NetworkBuilder {
        { arguments, configuration in
            try TimmArguments.checkCommon(&arguments)
            let layers = try arguments.integers("layers", default: layers, counts: 4...4, in: 1...256)
            let planes = try arguments.integers("channels", default: [64, 128, 256, 512], counts: 4...4, in: 1...1 << 16)
            let stemChannels = try arguments.integer("inplanes", default: 64, in: 1...4096)
            let reduction = try arguments.integer("reduction", default: 16, in: 1...1 << 16)
            var block = ResidualBlock(kind: kind, gate: SEModule(reduction: reduction), gateName: "se_module", stridesFirst: stridesFirst)
            // `SEResNetBlock.forward` has one ReLU more than any other basic block.
            if case .basic = kind { block.activatesBranch = true }
            return LegacySENet(
                layers: layers, planes: planes, stemChannels: stemChannels, block: block, classes: configuration.numClasses)
        }
    }
}
