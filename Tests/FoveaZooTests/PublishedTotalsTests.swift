import FoveaGraph
import Testing

@testable import FoveaZoo

/// Published networks at full size, without weights: parameters as PyTorch counts them, multiply-adds as fvcore 0.1.5 does
/// (`weights/recipes/published.py --totals`; it counts batch norms too, hence the tolerance).
@Suite struct PublishedTotalsTests {
    /// timm's and torchvision's.
    private static let published: [(String, Int, Int)] = [
        ("resnet18", 11_689_512, 1_819_065_856),
        ("resnet34", 21_797_672, 3_671_262_720),
        ("resnet50", 25_557_032, 4_111_512_576),
        ("resnet101", 44_549_160, 7_833_969_664),
        ("resnet152", 60_192_808, 11_558_835_200),
        ("resnext50_32x4d", 25_028_904, 4_259_381_248),
        ("resnext101_32x8d", 88_791_336, 16_476_534_784),
        ("resnext101_64x4d", 83_455_272, 15_522_789_376),
        ("wide_resnet50_2", 68_883_240, 11_426_922_496),
        ("wide_resnet101_2", 126_886_696, 22_795_599_872),
        ("resnet10t", 5_435_488, 1_102_151_168),
        ("resnet14t", 10_081_632, 1_688_513_536),
        ("resnet18d", 11_708_744, 2_060_312_064),
        ("resnet26", 15_995_176, 2_357_058_560),
        ("resnet26t", 16_011_872, 2_566_493_184),
        ("resnet26d", 16_014_408, 2_598_304_768),
        ("resnet34d", 21_816_904, 3_912_508_928),
        ("resnet50c", 25_576_264, 4_352_758_784),
        ("resnet50d", 25_576_264, 4_352_758_784),
        ("resnet50s", 25_680_808, 5_471_482_880),
        ("resnet50t", 25_573_728, 4_320_947_200),
        ("resnet101c", 44_568_392, 8_075_215_872),
        ("resnet101d", 44_568_392, 8_075_215_872),
        ("resnet101s", 44_672_936, 9_193_939_968),
        ("resnet152c", 60_212_040, 11_800_081_408),
        ("resnet152d", 60_212_040, 11_800_081_408),
        ("resnet152s", 60_316_584, 12_918_805_504),
        ("resnet200", 64_673_832, 15_071_958_016),
        ("resnet200d", 64_693_064, 15_313_204_224),
        ("resnext50d_32x4d", 25_048_136, 4_500_627_456),
        ("resnext101_32x4d", 44_177_704, 8_012_546_048),
        ("seresnet18", 11_779_624, 1_819_153_920),
        ("seresnet34", 21_960_416, 3_671_421_440),
        ("seresnet50", 28_088_024, 4_114_027_520),
        ("seresnet50t", 28_104_720, 4_323_462_144),
        ("seresnet101", 49_326_872, 7_838_712_832),
        ("seresnet152", 66_821_848, 11_565_413_376),
        ("seresnet152d", 66_841_080, 11_806_659_584),
        ("seresnet200d", 71_855_096, 15_320_306_688),
        ("seresnet269d", 113_672_760, 20_363_070_464),
        ("seresnext26d_32x4d", 16_809_512, 2_732_212_224),
        ("seresnext26t_32x4d", 16_806_976, 2_700_400_640),
        ("seresnext50_32x4d", 27_559_896, 4_261_896_192),
        ("seresnext101_32x4d", 48_955_416, 8_017_289_216),
        ("seresnext101_32x8d", 93_569_048, 16_481_277_952),
        ("seresnext101d_32x8d", 93_588_280, 16_722_524_160),
        ("seresnext101_64x4d", 88_232_984, 15_527_532_544),
        ("skresnet18", 11_958_056, 1_820_835_840),
        ("skresnet34", 22_282_376, 3_674_499_552),
        ("skresnet50", 25_803_160, 4_114_510_832),
        ("skresnet50d", 25_822_392, 4_355_757_040),
        ("skresnext50_32x4d", 27_479_784, 4_497_132_736),
        ("resnest14d", 10_611_688, 2_764_157_888),
        ("resnest26d", 17_069_448, 3_643_413_376),
        ("resnest50d", 27_483_240, 5_399_965_376),
        ("resnest101e", 48_275_016, 10_244_528_064),
        ("resnest200e", 70_201_544, 17_489_610_432),
        ("resnest269e", 110_929_480, 22_533_942_208),
        ("resnest50d_1s4x24d", 25_677_000, 4_427_050_816),
        ("resnest50d_4s2x40d", 30_417_592, 4_404_996_192),
        ("legacy_seresnet18", 11_778_592, 1_819_152_896),
        ("legacy_seresnet34", 21_958_868, 3_671_419_904),
        ("legacy_seresnet50", 28_088_024, 3_881_762_816),
        ("legacy_seresnet101", 49_326_872, 7_606_448_128),
        ("legacy_seresnet152", 66_821_848, 11_333_148_672),
        ("legacy_seresnext26_32x4d", 16_790_280, 2_490_966_016),
        ("legacy_seresnext50_32x4d", 27_559_896, 4_261_896_192),
        ("legacy_seresnext101_32x4d", 48_955_416, 8_017_289_216),
        ("vgg11", 132_863_336, 7_609_115_136),
        ("vgg11_bn", 132_868_840, 7_623_967_232),
        ("vgg13", 133_047_848, 11_308_491_264),
        ("vgg13_bn", 133_053_736, 11_332_977_152),
        ("vgg16", 138_357_544, 15_470_289_408),
        ("vgg16_bn", 138_365_992, 15_497_384_448),
        ("vgg19", 143_667_240, 19_632_087_552),
        ("vgg19_bn", 143_678_248, 19_661_791_744),
    ]

    /// The articles' networks and those of the papers' repositories, as the modules of `weights/recipes/models` count them.
    private static let papers: [(String, Int)] = [
        ("od_resnet18", 11_943_944),
        ("od_resnet34", 22_290_168),
        ("od_resnet50", 28_635_112),
        ("od_resnet101", 50_818_769),
        ("dy_resnet18", 45_475_008),
        ("dy_resnet34", 86_173_504),
        ("dy_resnet50", 100_895_176),
        ("resnet18_cbam", 11_779_392),
        ("resnet34_cbam", 21_960_468),
        ("resnet50_cbam", 28_089_624),
        ("resnet101_cbam", 49_330_172),
        ("resnet18_bam", 11_712_503),
        ("resnet34_bam", 21_820_663),
        ("resnet50_bam", 25_915_099),
        ("resnet101_bam", 44_907_227),
        ("cbam_resnet18", 11_779_392),
        ("cbam_resnet34", 21_960_468),
        ("cbam_resnet50", 28_089_624),
        ("cbam_resnet101", 49_330_172),
        ("bam_resnet18", 11_712_503),
        ("bam_resnet34", 21_820_663),
        ("bam_resnet50", 25_915_099),
        ("bam_resnet101", 44_907_227),
        ("se_resnet18", 11_778_592),
        ("se_resnet34", 21_958_868),
        ("se_resnet50", 28_088_024),
        ("se_resnet101", 49_326_872),
        ("se_resnet152", 66_821_848),
        ("sge_resnet18", 11_690_536),
        ("sge_resnet34", 21_799_720),
        ("sge_resnet50", 25_559_080),
        ("sge_resnet101", 44_553_384),
        ("sge_resnet152", 60_199_208),
        ("sk_resnet50", 26_154_496),
        ("sk_resnet101", 45_678_112),
        ("sk_resnet152", 61_760_000),
        ("scnet50", 25_564_584),
        ("scnet101", 44_565_416),
        ("scnet50_v1d", 25_583_816),
        ("scnet101_v1d", 44_689_192),
        ("resnest50", 27_483_240),
        ("resnest101", 48_275_016),
        ("resnest200", 70_201_544),
        ("resnest269", 110_929_480),
        ("resnest50_fast_1s1x64d", 26_217_896),
        ("resnest50_fast_2s1x64d", 27_483_240),
        ("resnest50_fast_4s1x64d", 31_912_712),
        ("resnest50_fast_1s2x40d", 25_946_680),
        ("resnest50_fast_2s2x40d", 26_943_792),
        ("resnest50_fast_4s2x40d", 30_417_592),
        ("resnest50_fast_1s4x24d", 25_677_000),
        ("odresnet18", 44_924_072),
        ("odresnet34", 85_573_720),
        ("vgg16_with_attention", 138_588_437),
    ]

    @Test(arguments: published)
    func totals(architecture: String, parameters: Int, multiplyAdds: Int) throws {
        let graph = try Network.skeleton(ModelConfiguration(architecture: architecture, numClasses: 1000))
        #expect(graph.parameters == parameters)
        #expect(abs(Double(graph.multiplyAdds) / Double(multiplyAdds) - 1) < 0.01)
    }

    @Test(arguments: papers)
    func parameters(architecture: String, parameters: Int) throws {
        let graph = try Network.skeleton(ModelConfiguration(architecture: architecture, numClasses: 1000))
        #expect(graph.parameters == parameters)
    }

    @Test func everyNameIsCounted() {
        // Their zeros alone would take more than 600 MB.
        let large = ["dy_resnet101", "dy_resnet152", "resnext101_32x16d", "resnext101_32x32d", "vgg16_with_dynamic_conv"]
        #expect(Set(Self.published.map(\.0) + Self.papers.map(\.0) + large) == Set(Registry.architectures))
    }
}

extension Network {
    /// The graph with a zero in every weight: nothing is missed, since a ledger's stand-ins are of the shapes asked for.
    fileprivate static func skeleton(_ configuration: ModelConfiguration) throws -> Graph {
        let build = try Registry.builder(of: configuration.architecture)
        var arguments = ArgumentReader([:], place: "model_args")
        let module = try build(&arguments, configuration)
        var graph = try GraphBuilder(inputShape: configuration.preprocessing.inputSize)
        let logits = try module(graph.input, Weights(WeightLedger(shapes: [:]) { _ in [] }), &graph)
        return try graph.finish(output: logits)
    }
}
