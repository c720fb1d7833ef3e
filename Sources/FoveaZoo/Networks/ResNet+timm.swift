import FoveaGraph

/// timm's families of its `ResNet` class (timm/models/resnet.py, resnest.py), under its constructor's arguments.
extension ResNet {
    /// Reads `layers` and `channels`, the planes of each stage.
    private init(
        layers: [Int], stem: Stem, block: any ResNetBlock, timm arguments: inout ArgumentReader, _ configuration: ModelConfiguration
    ) throws(ModelError) {
        // timm's class has four stages, always.
        self.layers = try arguments.integers("layers", default: layers, counts: 4...4, in: 1...256)
        planes = try arguments.integers("channels", default: [64, 128, 256, 512], counts: 4...4, in: 1...1 << 16)
        self.stem = stem
        self.block = block
        classes = configuration.numClasses
    }

    /// `seresnet*` and `seresnext*`: an `SEModule` on each residual branch.
    static func squeezeExcitation(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> Registry.Builder {
        { arguments, configuration in
            let block = ResidualBlock(kind: kind, gate: SEModule(), gateName: "se")
            return try ResNet(layers: layers, stem: .imagenet(channels: 64), block: block, timm: &arguments, configuration)
        }
    }

    /// `resnest*`; reads `stem_width` too.
    static func splitAttention(_ layers: [Int], stemWidth: Int = 32, _ block: ResNeStBottleneck = ResNeStBottleneck()) -> Registry.Builder {
        { arguments, configuration in
            let width = try arguments.integer("stem_width", default: stemWidth, in: 1...4096)
            return try ResNet(layers: layers, stem: .deep(width: width), block: block, timm: &arguments, configuration)
        }
    }
}
