import FoveaGraph

/// timm's families of its `ResNet` class (timm/models/resnet.py, sknet.py, resnest.py), under its constructor's arguments.
extension ResNet {
    private init(_ timm: TimmArguments, block: any ResNetBlock, _ configuration: ModelConfiguration) {
        self.init(layers: timm.layers, planes: timm.channels, stem: timm.form.stem, block: block, classes: configuration.numClasses)
    }

    /// `resnet*`, `resnext*`, and with `se` `seresnet*` and `seresnext*`; `block_args` may name the gate on each residual branch, `attn_layer`.
    static func timm(
        _ kind: ResidualBlock.Kind, _ layers: [Int], _ form: TimmArguments.Form = .b, se: Bool = false
    ) -> NetworkBuilder {
        { arguments, configuration in
            var timm = try TimmArguments(&arguments, kind: kind, layers: layers, form: form)
            // Where the configuration has `block_args`, they replace those of the name, as in timm.
            let gated = arguments.has("block_args") ? false : se
            let gate = try readGate(&timm.blockArguments, default: gated)
            try timm.blockArguments.refuseUnknown(for: configuration.architecture)
            let block = ResidualBlock(kind: timm.kind, shortcut: Shortcut(averages: timm.form.averagesDown), gate: gate, gateName: "se")
            return ResNet(timm, block: block, configuration)
        }
    }

    /// timm's `attn_layer`.
    static func readGate(_ blockArguments: inout ArgumentReader, default gated: Bool) throws(ModelError) -> (any Module)? {
        try blockArguments.only("attn_layer", .string("se"))
        return gated || blockArguments.has("attn_layer") ? SEModule() : nil
    }

    /// `skresnet*` and `skresnext*`; `block_args` may hold `sk_kwargs`, the arguments of `SelectiveKernel`.
    static func selectiveKernel(
        _ kind: ResidualBlock.Kind, _ layers: [Int], _ form: TimmArguments.Form = .b, _ selective: SelectiveKernel = SelectiveKernel()
    ) -> NetworkBuilder {
        { arguments, configuration in
            var timm = try TimmArguments(&arguments, kind: kind, layers: layers, form: form)
            var own = try timm.blockArguments.object("sk_kwargs")
            try timm.blockArguments.refuseUnknown(for: configuration.architecture)
            let selective = try SelectiveKernel(&own, default: arguments.has("block_args") ? SelectiveKernel() : selective)
            try own.refuseUnknown(for: configuration.architecture)
            let block = SelectiveKernelBlock(kind: timm.kind, selective: selective, shortcut: Shortcut(averages: timm.form.averagesDown))
            return ResNet(timm, block: block, configuration)
        }
    }

    /// `resnest*`; `block_args` may hold `radix`, `avd` and `avd_first`.
    static func splitAttention(
        _ layers: [Int], _ form: TimmArguments.Form = .d, _ block: ResNeStBottleneck = ResNeStBottleneck()
    ) -> NetworkBuilder {
        { arguments, configuration in
            let kind = ResidualBlock.Kind.bottleneck(groups: block.cardinality, widthPerGroup: block.baseWidth)
            var timm = try TimmArguments(&arguments, kind: kind, layers: layers, form: form)
            guard timm.form.averagesDown else { throw arguments.refusal("avg_down", .bool(false), expected: "true: ResNeSt averages") }
            var block = block
            if case .bottleneck(let groups, let width) = timm.kind { (block.cardinality, block.baseWidth) = (groups, width) }
            // Where the configuration has `block_args`, they replace those of the name, as in timm: what they leave out is as in its bottleneck.
            let replaced = arguments.has("block_args")
            block.radix = try timm.blockArguments.integer("radix", default: replaced ? 1 : block.radix, in: 1...16)
            guard try timm.blockArguments.flag("avd", default: !replaced) else {
                throw timm.blockArguments.refusal("avd", .bool(false), expected: "true: ResNeSt strides by pooling")
            }
            block.poolsFirst = try timm.blockArguments.flag("avd_first", default: replaced ? false : block.poolsFirst)
            try timm.blockArguments.refuseUnknown(for: configuration.architecture)
            return ResNet(timm, block: block, configuration)
        }
    }
}

extension SelectiveKernel {
    /// Reads timm's `sk_kwargs`.
    fileprivate init(_ arguments: inout ArgumentReader, default fallback: SelectiveKernel) throws(ModelError) {
        reductionRatio = try arguments.positive("rd_ratio", default: fallback.reductionRatio, atMost: 16)
        reducedChannels = try arguments.optionalInteger("rd_channels", in: 1...1 << 16)
        reductionDivisor = try arguments.integer("rd_divisor", default: fallback.reductionDivisor, in: 1...1 << 16)
        keeps3x3 = try arguments.flag("keep_3x3", default: fallback.keeps3x3)
        splitsInput = try arguments.flag("split_input", default: fallback.splitsInput)
    }
}
