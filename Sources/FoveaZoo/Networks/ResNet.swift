import FoveaGraph

/// ResNet (He et al., 2015) as torchvision lays it out: a stem, stages that halve the map and double the channels, a linear head.
struct ResNet: Module {
    /// Blocks of each stage.
    var layers: [Int]
    /// Planes of each stage; a block has so many output channels, or four times as many.
    var planes: [Int]
    var stem: ResNetStem
    var block: any ResNetBlock
    /// What stands behind each stage but the last, `bam1`, `bam2`…, if anything.
    var transition: (any Module)?
    var classes: Int

    func callAsFunction(_ picture: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var x = graph.relu(try graph.batchNorm(try stem(picture, weights["conv1"], &graph), weights["bn1"]))
        if stem.pools {
            x = try graph.maxPool(x, kernel: 3, stride: 2, padding: 1, layer: weights["maxpool"].path)
        }
        for (stage, (depth, planes)) in zip(layers, planes).enumerated() {
            for index in 0..<depth {
                let stride = stage > 0 && index == 0 ? 2 : 1
                x = try block(x, planes: planes, stride: stride, weights["layer\(stage + 1)"][index], &graph)
                graph.mark(x, layer: weights["layer\(stage + 1)"][index].path)
            }
            if let transition, stage < layers.count - 1 { x = try transition(x, weights["bam\(stage + 1)"], &graph) }
        }
        x = try graph.globalAveragePool(x, layer: weights["avgpool"].path)
        return try graph.linear(x, to: classes, weights["fc"])
    }
}

extension ResNet {
    enum StemName: String, CaseIterable { case imagenet, cifar }

    /// Reads `layers` and `base_width`.
    init(
        layers: [Int], stem: StemName, block: any ResNetBlock, _ arguments: inout ArgumentReader, _ configuration: ModelConfiguration
    ) throws(ModelError) {
        self.layers = try arguments.integers("layers", default: layers, counts: 1...6, in: 1...256)
        let baseWidth = try arguments.integer("base_width", default: 64, in: 1...4096)
        planes = self.layers.indices.map { baseWidth << $0 }
        switch stem {
        case .imagenet: self.stem = .imagenet(channels: baseWidth)
        case .cifar: self.stem = .cifar(channels: baseWidth)
        }
        self.block = block
        classes = configuration.numClasses
    }

    /// torchvision's families: basic or bottleneck blocks, ResNeXt's groups, wide bottlenecks; reads `stem`, `attention` and `attention_args`
    /// too.
    static func plain(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let attention = try Attention.read(&arguments)
            let stem = try arguments.choice("stem", default: StemName.imagenet)
            var block = ResidualBlock(kind: kind, inner: attention?.convolution ?? Conv2d(bias: false), gate: attention?.gate)
            // timm has these names too, and its configurations may hold its own arguments.
            try TimmArguments.checkCommon(&arguments)
            try TimmArguments.checkFixed(&arguments)
            let form = try TimmArguments.Form(&arguments, default: .b)
            block.shortcut.averages = form.averagesDown
            var blockArguments = try arguments.object("block_args")
            if let gate = try readGate(&blockArguments, default: false) {
                guard attention == nil else { throw ModelError("model_args: attention and block_args' attn_layer cannot both be there.") }
                (block.gate, block.gateName) = (gate, "se")
            }
            try blockArguments.refuseUnknown(for: configuration.architecture)
            var resnet = try ResNet(layers: layers, stem: stem, block: block, &arguments, configuration)
            if form.stemType != .plain {
                guard stem == .imagenet else { throw ModelError("model_args: stem and stem_type cannot both be there.") }
                resnet.stem = form.stem
            }
            return resnet
        }
    }

    /// A ResNet of basic blocks, with the CIFAR stem unless `stem` says otherwise, all of whose 3×3 and shortcut convolutions are ODConv; reads
    /// `attention` and `attention_args` too, whose convolutions take the place of `conv2`'s.
    static func omniDimensional(_ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let convolution = try ODConv2d(&arguments)
            // Shortcuts have one kernel: there is nothing to mix in what only projects.
            var projection = convolution
            projection.kernelCount = 1
            let attention = try Attention.read(&arguments, own: .convolution(convolution), named: "odconv")
            let stem = try arguments.choice("stem", default: StemName.cifar)
            let block = ResidualBlock(
                kind: .basic, outer: convolution, inner: attention?.convolution ?? convolution, shortcut: Shortcut(convolution: projection),
                gate: attention?.gate)
            return try ResNet(layers: layers, stem: stem, block: block, &arguments, configuration)
        }
    }
}
