import FoveaJSON

extension ModelConfiguration.Preprocessing {
    /// As `pretrained_cfg` has it, under timm's names, and read back as the same.
    ///
    /// Numbers are the decimal ones that were meant, 0.485 and not the float32's 0.48500001430511475. `orientation` is left out where it is the default: timm's
    /// `PretrainedCfg` has no such member and refuses those that it does not have.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "input_size": .array(inputSize.map { .number(Double($0)) }), "interpolation": .string(interpolation.rawValue),
            "crop_pct": .number(cropFraction), "crop_mode": .string(cropMode.rawValue), "mean": Self.decimals(mean),
            "std": Self.decimals(std),
        ]
        if orientation != .exif { members["orientation"] = .string(orientation.rawValue) }
        return .object(members)
    }

    private static func decimals(_ values: [Float]) -> JSONValue {
        .array(values.map { .number(Double("\($0)") ?? Double($0)) })
    }
}
