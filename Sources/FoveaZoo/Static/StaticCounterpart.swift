import FoveaJSON

/// The plain network that a network of dynamic convolutions becomes once they stand still: the same backbone under the same names.
public struct StaticCounterpart: Sendable, Hashable {
    /// The plain network's name.
    public let architecture: String
    /// Its arguments: the dynamic network's without those of its attention.
    public let modelArguments: [String: JSONValue]
    /// Whether its convolutions have biases; where they have none, a bias belongs into the norm behind.
    public let hasBiases: Bool

    /// Arguments that only an attention has a use for.
    private static let attentionArguments = [
        "kernel_num", "reduction", "temperature", "dropout", "ratio", "K", "bias",
    ]
    /// What `attention` names and stands still afterwards; other blocks stay.
    private static let dynamicBlocks = ["dynamic", "dyconv", "odconv"]

    /// - Throws: if `configuration` names no network of dynamic convolutions, or one without a plain counterpart.
    public init(of configuration: ModelConfiguration) throws(ModelError) {
        let name = configuration.architecture
        var arguments = configuration.modelArguments
        let isDynamic = if case .string(let attention) = arguments["attention"] { Self.dynamicBlocks.contains(attention) } else { false }
        if isDynamic, case .object(let own) = arguments["attention_args"] {
            // A plain backbone's convolutions have the groups and dilation of their place.
            let foreign = ["groups", "dilation"].filter { own[$0] ?? .null != .null }
            guard foreign.isEmpty else {
                throw ModelError(
                    "attention_args has \(foreign.joined(separator: " and ")), which the plain network that the result would be does not have."
                )
            }
        }
        if isDynamic { (arguments["attention"], arguments["attention_args"]) = (nil, nil) }
        if name == "vgg16_with_dynamic_conv" {
            arguments["use_dynamic_conv"] = .bool(false)
            (architecture, modelArguments, hasBiases) = (name, arguments, true)
            return
        }
        var plain = name
        if let depth = Self.depth(of: name, after: "odresnet") {
            plain = "resnet" + depth
            if arguments["stem"] ?? .null == .null { arguments["stem"] = .string("cifar") }
        } else if let depth = Self.depth(of: name, after: "od_resnet") ?? Self.depth(of: name, after: "dy_resnet") {
            plain = "resnet" + depth
        } else {
            guard isDynamic else {
                throw ModelError(
                    "A network '\(name)' without dynamic convolutions has nothing to be made static; those with ODConv, DYConv or generated kernels have."
                )
            }
        }
        for key in Self.attentionArguments { arguments[key] = nil }
        (architecture, modelArguments, hasBiases) = (plain, arguments, plain.hasPrefix("vgg"))
    }

    private static func depth(of name: String, after prefix: String) -> String? {
        guard name.hasPrefix(prefix) else { return nil }
        let depth = String(name.dropFirst(prefix.count))
        return Registry.architectures.contains("resnet" + depth) ? depth : nil
    }
}
