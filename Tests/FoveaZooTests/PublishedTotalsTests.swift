import FoveaGraph
import Testing

@testable import FoveaZoo

/// Published networks at full size, without weights: parameters as PyTorch counts them, multiply-adds as fvcore 0.1.5 does
/// (`weights/recipes/published.py --totals`; it counts batch norms too, hence the tolerance).
@Suite struct PublishedTotalsTests {
    @Test(arguments: [
        ("resnet18", 11_689_512, 1_819_065_856),
        ("resnet50", 25_557_032, 4_111_512_576),
        ("resnet50d", 25_576_264, 4_352_758_784),
        ("resnet152", 60_192_808, 11_558_835_200),
        ("resnext50_32x4d", 25_028_904, 4_259_381_248),
        ("wide_resnet50_2", 68_883_240, 11_426_922_496),
        ("seresnet50", 28_088_024, 4_114_027_520),
        ("seresnet152", 66_821_848, 11_565_413_376),
        ("skresnet34", 22_282_376, 3_674_499_552),
        ("skresnext50_32x4d", 27_479_784, 4_497_132_736),
        ("resnest50d", 27_483_240, 5_399_965_376),
        ("resnest101e", 48_275_016, 10_244_528_064),
        ("resnest50d_4s2x40d", 30_417_592, 4_404_996_192),
        ("legacy_seresnet50", 28_088_024, 3_881_762_816),
        ("legacy_seresnext50_32x4d", 27_559_896, 4_261_896_192),
        ("vgg11", 132_863_336, 7_609_115_136),
        ("vgg11_bn", 132_868_840, 7_623_967_232),
        ("vgg13", 133_047_848, 11_308_491_264),
        ("vgg13_bn", 133_053_736, 11_332_977_152),
        ("vgg16", 138_357_544, 15_470_289_408),
        ("vgg16_bn", 138_365_992, 15_497_384_448),
        ("vgg19", 143_667_240, 19_632_087_552),
        ("vgg19_bn", 143_678_248, 19_661_791_744),
    ])
    func totals(architecture: String, parameters: Int, multiplyAdds: Int) throws {
        let graph = try Network.skeleton(ModelConfiguration(architecture: architecture, numClasses: 1000))
        #expect(graph.parameters == parameters)
        #expect(abs(Double(graph.multiplyAdds) / Double(multiplyAdds) - 1) < 0.01)
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
