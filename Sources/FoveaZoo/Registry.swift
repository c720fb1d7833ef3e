import FoveaJSON

/// The networks by the names that `config.json` gives them in `architecture`: a line for each.
public enum Registry {
    static let builders = articlesAndLibraries.merging(papers) { first, _ in first }

    /// The articles' networks, torchvision's and timm's.
    private static let articlesAndLibraries: [String: NetworkBuilder] = [
        "vgg11": VGG.plain(11),
        "vgg11_bn": VGG.plain(11, batchNorm: true),
        "vgg13": VGG.plain(13),
        "vgg13_bn": VGG.plain(13, batchNorm: true),
        "vgg16": VGG.plain(16),
        "vgg16_bn": VGG.plain(16, batchNorm: true),
        "vgg19": VGG.plain(19),
        "vgg19_bn": VGG.plain(19, batchNorm: true),
        "vgg16_with_dynamic_conv": VGG.withDynamicConvolution,
        "vgg16_with_attention": VGG.withLocalAttention,

        "resnet18": ResNet.plain(.basic, [2, 2, 2, 2]),
        "resnet34": ResNet.plain(.basic, [3, 4, 6, 3]),
        "resnet50": ResNet.plain(.bottleneck(), [3, 4, 6, 3]),
        "resnet101": ResNet.plain(.bottleneck(), [3, 4, 23, 3]),
        "resnet152": ResNet.plain(.bottleneck(), [3, 8, 36, 3]),
        "resnext50_32x4d": ResNet.plain(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 6, 3]),
        "resnext101_32x8d": ResNet.plain(.bottleneck(groups: 32, widthPerGroup: 8), [3, 4, 23, 3]),
        "resnext101_64x4d": ResNet.plain(.bottleneck(groups: 64, widthPerGroup: 4), [3, 4, 23, 3]),
        "wide_resnet50_2": ResNet.plain(.bottleneck(widthPerGroup: 128), [3, 4, 6, 3]),
        "wide_resnet101_2": ResNet.plain(.bottleneck(widthPerGroup: 128), [3, 4, 23, 3]),

        "resnet10t": ResNet.timm(.basic, [1, 1, 1, 1], .t),
        "resnet14t": ResNet.timm(.bottleneck(), [1, 1, 1, 1], .t),
        "resnet18d": ResNet.timm(.basic, [2, 2, 2, 2], .d),
        "resnet26": ResNet.timm(.bottleneck(), [2, 2, 2, 2]),
        "resnet26t": ResNet.timm(.bottleneck(), [2, 2, 2, 2], .t),
        "resnet26d": ResNet.timm(.bottleneck(), [2, 2, 2, 2], .d),
        "resnet34d": ResNet.timm(.basic, [3, 4, 6, 3], .d),
        "resnet50c": ResNet.timm(.bottleneck(), [3, 4, 6, 3], .c),
        "resnet50d": ResNet.timm(.bottleneck(), [3, 4, 6, 3], .d),
        "resnet50s": ResNet.timm(.bottleneck(), [3, 4, 6, 3], .s),
        "resnet50t": ResNet.timm(.bottleneck(), [3, 4, 6, 3], .t),
        "resnet101c": ResNet.timm(.bottleneck(), [3, 4, 23, 3], .c),
        "resnet101d": ResNet.timm(.bottleneck(), [3, 4, 23, 3], .d),
        "resnet101s": ResNet.timm(.bottleneck(), [3, 4, 23, 3], .s),
        "resnet152c": ResNet.timm(.bottleneck(), [3, 8, 36, 3], .c),
        "resnet152d": ResNet.timm(.bottleneck(), [3, 8, 36, 3], .d),
        "resnet152s": ResNet.timm(.bottleneck(), [3, 8, 36, 3], .s),
        "resnet200": ResNet.timm(.bottleneck(), [3, 24, 36, 3]),
        "resnet200d": ResNet.timm(.bottleneck(), [3, 24, 36, 3], .d),
        "resnext50d_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 6, 3], .d),
        "resnext101_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 23, 3]),
        "resnext101_32x16d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 16), [3, 4, 23, 3]),
        "resnext101_32x32d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 32), [3, 4, 23, 3]),

        "seresnet18": ResNet.timm(.basic, [2, 2, 2, 2], se: true),
        "seresnet34": ResNet.timm(.basic, [3, 4, 6, 3], se: true),
        "seresnet50": ResNet.timm(.bottleneck(), [3, 4, 6, 3], se: true),
        "seresnet50t": ResNet.timm(.bottleneck(), [3, 4, 6, 3], .t, se: true),
        "seresnet101": ResNet.timm(.bottleneck(), [3, 4, 23, 3], se: true),
        "seresnet152": ResNet.timm(.bottleneck(), [3, 8, 36, 3], se: true),
        "seresnet152d": ResNet.timm(.bottleneck(), [3, 8, 36, 3], .d, se: true),
        "seresnet200d": ResNet.timm(.bottleneck(), [3, 24, 36, 3], .d, se: true),
        "seresnet269d": ResNet.timm(.bottleneck(), [3, 30, 48, 8], .d, se: true),
        "seresnext26d_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [2, 2, 2, 2], .d, se: true),
        "seresnext26t_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [2, 2, 2, 2], .t, se: true),
        "seresnext50_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 6, 3], se: true),
        "seresnext101_32x4d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 23, 3], se: true),
        "seresnext101_32x8d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 8), [3, 4, 23, 3], se: true),
        "seresnext101d_32x8d": ResNet.timm(.bottleneck(groups: 32, widthPerGroup: 8), [3, 4, 23, 3], .d, se: true),
        "seresnext101_64x4d": ResNet.timm(.bottleneck(groups: 64, widthPerGroup: 4), [3, 4, 23, 3], se: true),

        "skresnet18": ResNet.selectiveKernel(.basic, [2, 2, 2, 2], .b, SelectiveKernel(reductionRatio: 1 / 8, reductionDivisor: 16)),
        "skresnet34": ResNet.selectiveKernel(.basic, [3, 4, 6, 3], .b, SelectiveKernel(reductionRatio: 1 / 8, reductionDivisor: 16)),
        "skresnet50": ResNet.selectiveKernel(.bottleneck(), [3, 4, 6, 3]),
        "skresnet50d": ResNet.selectiveKernel(.bottleneck(), [3, 4, 6, 3], .d),
        "skresnext50_32x4d": ResNet.selectiveKernel(
            .bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 6, 3], .b, SelectiveKernel(reductionDivisor: 32, splitsInput: false)),

        "resnest14d": ResNet.splitAttention([1, 1, 1, 1]),
        "resnest26d": ResNet.splitAttention([2, 2, 2, 2]),
        "resnest50d": ResNet.splitAttention([3, 4, 6, 3]),
        "resnest101e": ResNet.splitAttention([3, 4, 23, 3], .e),
        "resnest200e": ResNet.splitAttention([3, 24, 36, 3], .e),
        "resnest269e": ResNet.splitAttention([3, 30, 48, 8], .e),
        "resnest50d_1s4x24d": ResNet.splitAttention(
            [3, 4, 6, 3], .d, ResNeStBottleneck(radix: 1, cardinality: 4, baseWidth: 24, poolsFirst: true)),
        "resnest50d_4s2x40d": ResNet.splitAttention(
            [3, 4, 6, 3], .d, ResNeStBottleneck(radix: 4, cardinality: 2, baseWidth: 40, poolsFirst: true)),

        "legacy_seresnet18": LegacySENet.family(.basic, [2, 2, 2, 2]),
        "legacy_seresnet34": LegacySENet.family(.basic, [3, 4, 6, 3]),
        "legacy_seresnet50": LegacySENet.family(.bottleneck(), [3, 4, 6, 3], stridesFirst: true),
        "legacy_seresnet101": LegacySENet.family(.bottleneck(), [3, 4, 23, 3], stridesFirst: true),
        "legacy_seresnet152": LegacySENet.family(.bottleneck(), [3, 8, 36, 3], stridesFirst: true),
        "legacy_seresnext26_32x4d": LegacySENet.family(.bottleneck(groups: 32, widthPerGroup: 4), [2, 2, 2, 2]),
        "legacy_seresnext50_32x4d": LegacySENet.family(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 6, 3]),
        "legacy_seresnext101_32x4d": LegacySENet.family(.bottleneck(groups: 32, widthPerGroup: 4), [3, 4, 23, 3]),

        "odresnet18": ResNet.omniDimensional([2, 2, 2, 2]),
        "odresnet34": ResNet.omniDimensional([3, 4, 6, 3]),
    ]

    /// Every architecture's name, sorted.
    public static var architectures: [String] {
        builders.keys.sorted()
    }

    static func builder(of architecture: String) throws(ModelError) -> NetworkBuilder {
        if let builder = builders[architecture] { return builder }
        // timm's names of weights, as resnet18.a1_in1k, are those of networks and a tag.
        let network = String(architecture.prefix(80).prefix { $0 != "." })
        let near = nearest(to: network)
        let hint =
            if network != architecture, builders[network] != nil {
                "What stands behind the dot is timm's tag of the weights; the network is \"\(network)\""
            } else if near.isEmpty {
                "Known are " + architectures.joined(separator: ", ")
            } else {
                "Nearest are " + near.joined(separator: ", ")
            }
        throw ModelError("config.json: architecture \"\(architecture.shown(limit: 80))\" is not known. \(hint).")
    }

    /// Up to five names that differ from `name` in at most a third of their letters, nearest first.
    private static func nearest(to name: String) -> [String] {
        // Few names are listed whole: that says more than a guess.
        guard builders.count > 20 else { return [] }
        let ranked = architectures.map { (distance: distance(name, $0), name: $0) }.filter { $0.distance * 3 <= $0.name.count }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(5).map(\.name)
    }

    /// Levenshtein's distance: insertions, deletions and replacements that turn one word into the other.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
