/// The blocks' constructors, under the names of their PyTorch modules' arguments.

/// No reduction or group count is larger; no network has more channels in a layer.
private let channelLimit = 1 << 16

extension ArgumentReader {
    /// `groups`, or `G`: those of the block's place where the argument is absent.
    fileprivate mutating func groups(_ name: String) throws(ModelError) -> Int? {
        try optionalInteger(name, in: 1...channelLimit)
    }

    /// That of the block's place where the argument is absent.
    fileprivate mutating func dilation() throws(ModelError) -> Int? {
        try optionalInteger("dilation", in: 1...64)
    }

    /// A temperature that the attentions are divided by: 0, which would "freeze" them, has no meaning.
    fileprivate mutating func temperature(default fallback: Double) throws(ModelError) -> Float {
        let number = try positive("temperature", default: fallback, atMost: 1e6)
        guard 1 / Float(number) < .infinity else {
            throw refusal("temperature", .number(number), expected: "a number whose reciprocal is finite")
        }
        return Float(number)
    }
}

extension LocalAttention {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        reductionRatio = try arguments.integer("reduction_ratio", default: 8, in: 1...channelLimit)
    }
}

extension SEAttention {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        reduction = try arguments.integer("reduction", default: 16, in: 1...channelLimit)
    }
}

extension CBAM {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        ratio = try arguments.integer("ratio", default: 16, in: 1...channelLimit)
        kernelSize = try arguments.integer("kernel_size", default: 7, in: 1...7)
        guard kernelSize == 3 || kernelSize == 7 else {
            throw arguments.refusal("kernel_size", .number(Double(kernelSize)), expected: "3 or 7")
        }
    }
}

extension SpatialGroupEnhance {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        groups = try arguments.integer("groups", default: 64, in: 1...channelLimit)
    }
}

extension DoubleAttention {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        descriptorChannels = try arguments.optionalInteger("c_m", in: 1...channelLimit)
        descriptors = try arguments.optionalInteger("c_n", in: 1...channelLimit)
        reconstruct = try arguments.flag("reconstruct", default: true)
        normalization = try arguments.choice("distribute_softmax", default: .descriptors)
        residual = try arguments.flag("residual", default: false)
    }
}

extension DynamicConvAttention {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        reductionRatio = try arguments.integer("reduction_ratio", default: 16, in: 1...channelLimit)
    }
}

extension DeformConv2d {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        modulated = try arguments.flag("modulated", default: false)
        bias = try arguments.flag("bias", default: true)
        groups = try arguments.groups("groups")
        dilation = try arguments.dilation()
    }
}

extension DYConv2d {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        ratio = try arguments.positive("ratio", default: 0.25, atMost: 16)
        kernelCount = try arguments.integer("K", default: 4, in: 1...256)
        temperature = try arguments.temperature(default: 34)
        bias = try arguments.flag("bias", default: true)
        groups = try arguments.groups("groups")
        dilation = try arguments.dilation()
    }
}

extension ODConv2d {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        kernelCount = try arguments.integer("kernel_num", default: 4, in: 1...256)
        reduction = try arguments.positive("reduction", default: 0.0625, atMost: 16)
        temperature = try arguments.temperature(default: 1)
    }

    /// As a block by itself it has `groups` and `dilation` too.
    init(block arguments: inout ArgumentReader) throws(ModelError) {
        try self.init(&arguments)
        groups = try arguments.groups("groups")
        dilation = try arguments.dilation()
    }
}

extension SKConv {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        branches = try arguments.integer("M", default: 3, in: 1...16)
        reduction = try arguments.positive("r", default: 4, atMost: Double(channelLimit))
        guard reduction >= 1.0 / 64 else { throw arguments.refusal("r", .number(reduction), expected: "at least \(1.0 / 64)") }
        minimum = try arguments.integer("L", default: 32, in: 1...channelLimit)
        groups = try arguments.groups("G")
    }
}

extension SCConv {
    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        poolingR = try arguments.integer("pooling_r", default: 4, in: 1...64)
        groups = try arguments.groups("groups")
        dilation = try arguments.dilation()
    }
}

extension SplitAttention {
    private enum Norm: String, CaseIterable { case none = "Identity", batchNorm = "BatchNorm2d" }

    init(_ arguments: inout ArgumentReader) throws(ModelError) {
        radix = try arguments.integer("radix", default: 2, in: 1...16)
        reductionRatio = try arguments.positive("rd_ratio", default: 0.25, atMost: 16)
        reducedChannels = try arguments.optionalInteger("rd_channels", in: 1...channelLimit)
        reductionDivisor = try arguments.integer("rd_divisor", default: 8, in: 1...channelLimit)
        bias = try arguments.flag("bias", default: false)
        batchNorm = try arguments.choice("norm_layer", default: Norm.none) == .batchNorm
        groups = try arguments.groups("groups")
        dilation = try arguments.dilation()
    }
}
