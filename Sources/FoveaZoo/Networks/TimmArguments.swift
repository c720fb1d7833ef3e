import FoveaJSON

/// Arguments of timm's `ResNet` class (timm/models/resnet.py) as a hub `config.json` may hold them: those that shape the network are read, those of the
/// training have no say, and those that ask for what Fovea does not have are refused by name.
struct TimmArguments: Sendable {
    /// timm's `stem_type`.
    enum StemType: String, CaseIterable { case plain = "", deep, deepTiered = "deep_tiered" }

    /// Stem and shortcuts, by the letter that a name carries: `resnet50d`.
    struct Form: Sendable {
        var stemType = StemType.plain
        var stemWidth = 64
        var averagesDown = false

        static let b = Form()
        static let c = Form(stemType: .deep, stemWidth: 32)
        static let d = Form(stemType: .deep, stemWidth: 32, averagesDown: true)
        static let e = Form(stemType: .deep, stemWidth: 64, averagesDown: true)
        static let s = Form(stemType: .deep, stemWidth: 64)
        static let t = Form(stemType: .deepTiered, stemWidth: 32, averagesDown: true)

        /// Reads `stem_type`, `stem_width` and `avg_down`.
        init(_ arguments: inout ArgumentReader, default form: Form) throws(ModelError) {
            stemType = try arguments.choice("stem_type", default: form.stemType)
            stemWidth = try arguments.integer("stem_width", default: form.stemWidth, in: 1...4096)
            averagesDown = try arguments.flag("avg_down", default: form.averagesDown)
            guard stemType != .deepTiered || stemWidth >= 4 else {
                throw arguments.refusal("stem_width", .number(Double(stemWidth)), expected: "at least 4 with a tiered stem")
            }
        }

        private init(stemType: StemType = .plain, stemWidth: Int = 64, averagesDown: Bool = false) {
            (self.stemType, self.stemWidth, self.averagesDown) = (stemType, stemWidth, averagesDown)
        }

        var stem: ResNetStem {
            switch stemType {
            case .plain: .imagenet(channels: 64)
            case .deep: .deep(width: stemWidth)
            case .deepTiered: .deep(width: stemWidth, first: 3 * (stemWidth / 4))
            }
        }
    }

    var layers: [Int]
    /// Planes of each stage.
    var channels: [Int]
    var form: Form
    var kind: ResidualBlock.Kind
    var blockArguments: ArgumentReader

    /// Reads what all of timm's families have in common; the caller reads `blockArguments` and then asks it to refuse the rest.
    init(
        _ arguments: inout ArgumentReader, kind: ResidualBlock.Kind, layers: [Int], form: Form
    ) throws(ModelError) {
        try Self.checkCommon(&arguments)
        try Self.checkFixed(&arguments)
        // timm's class has four stages, always.
        self.layers = try arguments.integers("layers", default: layers, counts: 4...4, in: 1...256)
        channels = try arguments.integers("channels", default: [64, 128, 256, 512], counts: 4...4, in: 1...1 << 16)
        self.form = try Form(&arguments, default: form)
        self.kind = kind
        if case .bottleneck(let groups, let width) = kind {
            self.kind = .bottleneck(
                groups: try arguments.integer("cardinality", default: groups, in: 1...4096),
                widthPerGroup: try arguments.integer("base_width", default: width, in: 1...4096))
        } else {
            try arguments.only("cardinality", .number(1))
            try arguments.only("base_width", .number(64))
        }
        blockArguments = try arguments.object("block_args")
    }

    /// Arguments that every network of timm's takes.
    static func checkCommon(_ arguments: inout ArgumentReader) throws(ModelError) {
        try arguments.only("in_chans", .number(3))
        try arguments.only("global_pool", .string("avg"))
        try arguments.only("output_stride", .number(32))
        for name in ["drop_rate", "drop_path_rate", "drop_block_rate", "zero_init_last"] { _ = arguments.value(name) }
    }

    /// Arguments of timm's `ResNet` of which Fovea has the default only.
    static func checkFixed(_ arguments: inout ArgumentReader) throws(ModelError) {
        try arguments.only("act_layer", .string("relu"))
        try arguments.only("norm_layer", .string("batchnorm2d"), .string("batchnorm"))
        try arguments.only("aa_layer", .string(""))
        try arguments.only("replace_stem_pool", .bool(false))
        try arguments.only("block_reduce_first", .number(1))
        try arguments.only("down_kernel_size", .number(1))
    }
}

extension ArgumentReader {
    /// Refuses a member that is there with a value that is none of these.
    mutating func only(_ name: String, _ accepted: JSONValue...) throws(ModelError) {
        guard let value = value(name), !accepted.contains(value) else { return }
        throw refusal(name, value, expected: accepted.map(\.description).joined(separator: " or ") + ": this network has no other")
    }
}
