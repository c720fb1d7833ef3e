import FoveaGraph

/// The ResNets of the papers' repositories. All read `layers` and `base_width`, and the arguments of their own constructors.
extension ResNet {
    /// `od_resnet*`: ODConv in every convolution but the stem and the shortcuts; reads `kernel_num`, `reduction` and `temperature`.
    static func odConv(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            var convolution = try ODConv2d(&arguments)
            convolution.kernelCount = try arguments.integer("kernel_num", default: 1, in: 1...256)
            // Training alone has a use for it.
            _ = arguments.value("dropout")
            let block = ResidualBlock(kind: kind, outer: convolution, inner: convolution)
            return try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
        }
    }

    /// `dy_resnet*`: DYConv in every convolution but the stem, the shortcuts' too; reads `ratio`, `K` and `temperature`.
    ///
    /// The temperature is no tensor of the checkpoint: it falls from 34 to 1 in training, and a network trained to the end has 1.
    static func dynamicConvolution(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            var convolution = try DYConv2d(&arguments)
            convolution.bias = try arguments.flag("bias", default: false)
            let block = ResidualBlock(kind: kind, outer: convolution, inner: convolution, shortcut: Shortcut(convolution: convolution))
            return try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
        }
    }

    /// `resnet*_cbam`: CBAM on each residual branch, as `cbam`; reads `network_type`.
    static func cbam(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let stem = try networkType(&arguments)
            let block = ResidualBlock(kind: kind, gate: CBAMGates(), gateName: "cbam")
            return try ResNet(layers: layers, stem: stem, block: block, &arguments, configuration)
        }
    }

    /// `resnet*_bam`: BAM behind each stage but the last; reads `network_type`.
    static func bam(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let stem = try networkType(&arguments)
            var network = try ResNet(layers: layers, stem: stem, block: ResidualBlock(kind: kind), &arguments, configuration)
            network.transition = BAM()
            return network
        }
    }

    /// `se_resnet*`: SE with biases on each residual branch, as `se`.
    static func squeezeExcitationWithBias(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let block = ResidualBlock(kind: kind, gate: SEAttention(bias: true), gateName: "se")
            return try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
        }
    }

    /// `sge_resnet*`: SGE in 64 groups on each residual branch, as `sge`.
    static func spatialGroupEnhance(_ kind: ResidualBlock.Kind, _ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            let block = ResidualBlock(kind: kind, gate: SpatialGroupEnhance(groups: 64), gateName: "sge")
            return try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
        }
    }

    /// `sk_resnet*` from 50 on.
    static func selectiveKernel(_ layers: [Int]) -> NetworkBuilder {
        { arguments, configuration in
            try ResNet(layers: layers, stem: .imagenet, block: SKBottleneck(), &arguments, configuration)
        }
    }

    /// `scnet*`; reads `groups` and `bottleneck_width`, and with a deep stem (`v1d`) `stem_width`.
    static func selfCalibrated(_ layers: [Int], deepStem: Int? = nil) -> NetworkBuilder {
        { arguments, configuration in
            let block = SCBottleneck(
                cardinality: try arguments.integer("groups", default: 1, in: 1...4096),
                bottleneckWidth: try arguments.integer("bottleneck_width", default: 32, in: 1...4096), averages: deepStem != nil)
            var network = try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
            if let deepStem {
                network.stem = .deep(width: try arguments.integer("stem_width", default: deepStem, in: 1...4096))
            }
            return network
        }
    }

    /// `resnest*`; reads `radix`, `groups`, `bottleneck_width` and `stem_width`.
    static func resNeSt(
        _ layers: [Int], stemWidth: Int = 64, radix: Int = 2, groups: Int = 1, width: Int = 64, poolsFirst: Bool = false
    ) -> NetworkBuilder {
        { arguments, configuration in
            let block = ResNeStBottleneck(
                radix: try arguments.integer("radix", default: radix, in: 1...16),
                cardinality: try arguments.integer("groups", default: groups, in: 1...4096),
                baseWidth: try arguments.integer("bottleneck_width", default: width, in: 1...4096), poolsFirst: poolsFirst, truncates: true)
            let stemWidth = try arguments.integer("stem_width", default: stemWidth, in: 1...4096)
            var network = try ResNet(layers: layers, stem: .imagenet, block: block, &arguments, configuration)
            network.stem = .deep(width: stemWidth)
            return network
        }
    }

    /// `resnest50_fast_*`: the pooling stands before the convolution.
    static func resNeStFast(radix: Int, groups: Int, width: Int) -> NetworkBuilder {
        resNeSt([3, 4, 6, 3], stemWidth: 32, radix: radix, groups: groups, width: width, poolsFirst: true)
    }

    private enum NetworkType: String, CaseIterable { case imagenet = "ImageNet", cifar10 = "CIFAR10", cifar100 = "CIFAR100" }

    private static func networkType(_ arguments: inout ArgumentReader) throws(ModelError) -> StemName {
        try arguments.choice("network_type", default: NetworkType.imagenet) == .imagenet ? .imagenet : .cifar
    }
}
