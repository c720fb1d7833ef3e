import FoveaGraph

/// ResNet (He et al., 2015) as torchvision lays it out: a stem, stages that halve the map and double the channels, a linear head.
struct ResNet: NetworkModule {
    /// What stands before the first stage.
    enum Stem: String, CaseIterable, Sendable {
        /// 7×7 with stride 2 and a pooling.
        case imagenet
        /// 3×3 with stride 1, no pooling.
        case cifar
    }

    /// Blocks of each stage.
    var layers: [Int]
    var stem: Stem
    /// Channels of the first stage; each stage has twice those of the one before.
    var baseWidth: Int
    var block: ResidualBlock
    var classes: Int

    func callAsFunction(_ picture: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var x: Value
        switch stem {
        case .imagenet:
            x = try graph.conv2d(picture, Window(channels: baseWidth, kernel: 7, stride: 2, padding: 3), weights["conv1"], bias: false)
            x = graph.relu(try graph.batchNorm(x, weights["bn1"]))
            x = try graph.maxPool(x, kernel: 3, stride: 2, padding: 1, layer: weights["maxpool"].path)
        case .cifar:
            x = try graph.conv2d(picture, Window(channels: baseWidth, kernel: 3, padding: 1), weights["conv1"], bias: false)
            x = graph.relu(try graph.batchNorm(x, weights["bn1"]))
        }
        for (stage, depth) in layers.enumerated() {
            for index in 0..<depth {
                let stride = stage > 0 && index == 0 ? 2 : 1
                x = try block(x, planes: baseWidth << stage, stride: stride, weights["layer\(stage + 1)"][index], &graph)
            }
        }
        x = try graph.globalAveragePool(x, layer: weights["avgpool"].path)
        return try graph.linear(x, to: classes, weights["fc"])
    }
}

extension ResNet {
    /// Reads `layers`, `base_width` and `stem`.
    init(
        layers: [Int], stem: Stem, block: ResidualBlock, _ arguments: inout ArgumentReader, _ configuration: ModelConfiguration
    ) throws(ModelError) {
        self.layers = try arguments.integers("layers", default: layers, counts: 1...6, in: 1...256)
        baseWidth = try arguments.integer("base_width", default: 64, in: 1...4096)
        self.stem = stem
        self.block = block
        classes = configuration.numClasses
    }

    /// torchvision's families: basic or bottleneck blocks, ResNeXt's groups, wide bottlenecks; reads `stem`, `attention` and `attention_args` too.
    static func plain(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> Registry.Builder {
        { arguments, configuration in
            let attention = try Attention.read(&arguments)
            let block = ResidualBlock(kind: kind, inner: attention?.convolution ?? Conv2d(bias: false), gate: attention?.gate)
            let stem = try arguments.choice("stem", default: Stem.imagenet)
            return try ResNet(layers: layers, stem: stem, block: block, &arguments, configuration)
        }
    }

    /// A ResNet of basic blocks with the CIFAR stem, all of whose 3×3 and shortcut convolutions are ODConv.
    static func omniDimensional(_ layers: [Int]) -> Registry.Builder {
        { arguments, configuration in
            let convolution = try ODConv2d(&arguments)
            // Shortcuts have one kernel: there is nothing to mix in what only projects.
            var shortcut = convolution
            shortcut.kernelCount = 1
            let block = ResidualBlock(kind: .basic, outer: convolution, inner: convolution, shortcut: shortcut)
            return try ResNet(layers: layers, stem: .cifar, block: block, &arguments, configuration)
        }
    }
}
