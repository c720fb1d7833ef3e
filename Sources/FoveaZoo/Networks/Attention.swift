/// An attention block as `model_args` puts it into a backbone: `attention` names it, `attention_args` are its constructor's arguments.
enum Attention: Sendable {
    /// Scales a feature map: before each pooling of VGG, on the residual branch of ResNet.
    case gate(any Module)
    /// Takes the place of a 3×3 convolution: the last of each block of VGG, `conv2` of ResNet's.
    case convolution(any ConvolutionModule)

    /// Reads one block's arguments.
    typealias Builder = @Sendable (_ arguments: inout ArgumentReader) throws(ModelError) -> Attention

    /// The blocks by name: a line for each.
    static let builders: [String: Builder] = [
        "local": { arguments throws(ModelError) in .gate(try LocalAttention(&arguments)) },
        "se": { arguments throws(ModelError) in .gate(try SEAttention(&arguments)) },
        "cse": { _ in .gate(ChannelSqueezeExcitation()) },
        "sse": { _ in .gate(SpatialSqueezeExcitation()) },
        "scse": { _ in .gate(ConcurrentSqueezeExcitation()) },
        "cbam": { arguments throws(ModelError) in .gate(try CBAM(&arguments)) },
        "sge": { arguments throws(ModelError) in .gate(try SpatialGroupEnhance(&arguments)) },
        "a2": { arguments throws(ModelError) in .gate(try DoubleAttention(&arguments)) },
        "dynamic": { arguments throws(ModelError) in .convolution(try DynamicConvAttention(&arguments)) },
        "deform": { arguments throws(ModelError) in .convolution(try DeformConv2d(&arguments)) },
        "dyconv": { arguments throws(ModelError) in .convolution(try DYConv2d(&arguments)) },
        "odconv": { arguments throws(ModelError) in .convolution(try ODConv2d(block: &arguments)) },
        "sk": { arguments throws(ModelError) in .convolution(try SKConv(&arguments)) },
        "sc": { arguments throws(ModelError) in .convolution(try SCConv(&arguments)) },
        "splat": { arguments throws(ModelError) in .convolution(try SplitAttention(&arguments)) },
    ]

    /// Reads `attention` and `attention_args`; nothing where no block is named.
    static func read(_ arguments: inout ArgumentReader) throws(ModelError) -> Attention? {
        let name = try arguments.string("attention")
        var own = try arguments.object("attention_args")
        guard let name else {
            try own.refuseUnknown(for: "a network without attention")
            return nil
        }
        guard let builder = builders[name] else {
            throw arguments.refusal("attention", .string(name), expected: "one of " + builders.keys.sorted().joined(separator: ", "))
        }
        let attention = try builder(&own)
        try own.refuseUnknown(for: name)
        return attention
    }

    /// As ``read(_:)``, for a network that has a block of its own: named without arguments, the block is that one.
    static func read(_ arguments: inout ArgumentReader, own: Attention, named name: String) throws(ModelError) -> Attention? {
        let attention = try read(&arguments)
        return try arguments.string("attention") == name && !arguments.has("attention_args") ? own : attention
    }

    var gate: (any Module)? {
        if case .gate(let gate) = self { gate } else { nil }
    }

    var convolution: (any ConvolutionModule)? {
        if case .convolution(let convolution) = self { convolution } else { nil }
    }
}
