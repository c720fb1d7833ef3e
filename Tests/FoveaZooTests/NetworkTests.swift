import Foundation
import FoveaGraph
import FoveaJSON
import Testing

@testable import FoveaZoo

@Suite struct NetworkTests {
    @Test(arguments: Fixture.all)
    func everyTensorHasItsPlace(fixture: Fixture) throws {
        let network = try Network(directory: fixture.directory)
        #expect(network.graph.numClasses == network.configuration.numClasses)
        #expect(network.graph.inputShape == network.configuration.preprocessing.inputSize)
        let counted = try fixture.shapes().filter { name, _ in
            !["running_mean", "running_var", "num_batches_tracked"].contains { name.hasSuffix("." + $0) }
        }
        #expect(network.parameters == counted.values.reduce(0) { $0 + $1.reduce(1, *) })
    }

    @Test(arguments: Fixture.all)
    func tapsAreTheOraclesMaps(fixture: Fixture) throws {
        let taps = try Network(directory: fixture.directory).graph.taps
        let maps = try fixture.expected().tensors.filter { $0.key.contains("/") }
        #expect(Set(taps.map { "\($0.layer)/\($0.kind.rawValue)" }) == Set(maps.keys))
        #expect(taps.count == maps.count)
    }

    @Test func refusesAMissingTensor() throws {
        let text = try refusal("vgg16-local") { $0["features.4.spatial_attention.2.bias"] = nil }
        #expect(text == "The weights do not fit the architecture: 1 tensor is missing: features.4.spatial_attention.2.bias [1].")
    }

    @Test func refusesATensorTooMany() throws {
        let text = try refusal("odresnet18") { $0["layer1.0.conv3.weight"] = [2, 2] }
        #expect(text == "The weights do not fit the architecture: 1 tensor is unexpected: layer1.0.conv3.weight [2, 2].")
    }

    @Test func refusesAWrongShape() throws {
        let text = try refusal("odresnet18") { $0["fc.weight"]?.reverse() }
        #expect(text == "The weights do not fit the architecture: 1 tensor has the wrong shape: fc.weight is [16, 10], expected [10, 16].")
    }

    @Test func refusesManyFaultsAtOnce() throws {
        let text = try refusal("odresnet18") {
            $0["conv1.weight"] = nil
            $0["layer1.0.conv1.weight"] = [4, 2, 2, 5, 5]
            $0["extra"] = []
        }
        #expect(text.contains("1 tensor is missing: conv1.weight [2, 3, 3, 3]"))
        #expect(text.contains("1 tensor is unexpected: extra []"))
        #expect(text.contains("1 tensor has the wrong shape: layer1.0.conv1.weight is [4, 2, 2, 5, 5], expected [4, 2, 2, 3, 3]"))
    }

    @Test func refusesTheWeightsOfAnotherNetwork() throws {
        let text = try refusal("odresnet18", model: ["base_width": .number(3)])
        #expect(text.contains("tensors have the wrong shape: conv1.weight is [2, 3, 3, 3], expected [3, 3, 3, 3],"))
        #expect(text.contains(" more."))
    }

    @Test func refusesAnUnknownArchitecture() {
        let configuration = ModelConfiguration(architecture: "vgg16_with_atention", numClasses: 10)
        let text = #expect(throws: ModelError.self) {
            _ = try Network(configuration: configuration, ledger: WeightLedger(shapes: [:]) { _ in [] })
        }
        #expect(
            text?.description.hasPrefix("config.json: architecture \"vgg16_with_atention\" is not known. Nearest are vgg16_with_attention")
                == true)
        let tagged = ModelConfiguration(architecture: "resnet18.a1_in1k", numClasses: 10)
        let hint = #expect(throws: ModelError.self) {
            _ = try Network(configuration: tagged, ledger: WeightLedger(shapes: [:]) { _ in [] })
        }
        #expect(
            hint?.description
                == "config.json: architecture \"resnet18.a1_in1k\" is not known. What stands behind the dot is timm's tag of the weights; "
                + "the network is \"resnet18\".")
        let misspelt = ModelConfiguration(architecture: "resent18.a1_in1k", numClasses: 10)
        let near = #expect(throws: ModelError.self) {
            _ = try Network(configuration: misspelt, ledger: WeightLedger(shapes: [:]) { _ in [] })
        }
        #expect(near?.description.contains("Nearest are resnet18, ") == true)
        let other = ModelConfiguration(architecture: "transformer", numClasses: 10)
        let all = #expect(throws: ModelError.self) { _ = try Network(configuration: other, ledger: WeightLedger(shapes: [:]) { _ in [] }) }
        #expect(all?.description.contains("Known are ") == true)
        #expect(all?.description.contains("legacy_seresnet101, legacy_seresnet152, ") == true)
    }

    @Test(arguments: [
        ("vgg16-local", "widht", JSONValue.number(1), "has no argument widht; it has attention, attention_args, hidden, pool, "),
        ("vgg16-local", "width", .number(0), "width is 0; expected a number above 0 and at most 16."),
        ("vgg16-local", "width", .number(0.01), "width is 0.01; expected at least 0.015625"),
        ("vgg16-local", "width", .string("1"), "width is \"1\"; expected a number"),
        ("vgg16-local", "hidden", .number(0), "hidden is 0; expected a whole number from 1 to 65536."),
        ("vgg16-local", "pool", .number(-7), "pool is -7; expected a whole number from 1 to 64."),
        ("vgg16-local", "reduction_ratio", .number(0), "reduction_ratio is 0; expected a whole number"),
        ("vgg16-local", "reduction_ratio", .number(64), "features.4: a reduction_ratio of 64 leaves none of 3 channels."),
        ("odresnet18", "temperature", .number(0), "temperature is 0; expected a number above 0"),
        ("odresnet18", "temperature", .number(-1), "temperature is -1; expected a number above 0"),
        ("odresnet18", "temperature", .number(1e-300), "expected a number whose reciprocal is finite."),
        ("odresnet18", "kernel_num", .number(0), "kernel_num is 0; expected a whole number from 1 to 256."),
        ("odresnet18", "kernel_num", .number(1.5), "kernel_num is 1.5; expected a whole number"),
        ("odresnet18", "reduction", .number(0), "reduction is 0; expected a number above 0"),
        ("odresnet18", "base_width", .number(0), "base_width is 0; expected a whole number from 1 to 4096."),
        ("odresnet18", "layers", .array([]), "layers is []; expected a list of 1 to 6 whole numbers from 1 to 256."),
        ("odresnet18", "layers", .array([.number(2), .number(0)]), "layers is [2, 0]; expected a list"),
        ("odresnet18", "stem", .string("imagenet"), "conv1.weight is [2, 3, 3, 3], expected [2, 3, 7, 7]"),
        ("odresnet18", "attention", .string("sse"), "missing: layer1.0.attention."),
        ("odresnet18", "attention", .string("dyconv"), "missing: layer1.0.conv2."),
        ("odresnet18", "attention_args", .object(["ratio": .number(4)]), "attention_args: a network without attention has no argument"),
        ("vgg16-local", "attention", .string("se"), "attention is \"se\"; expected local, which the network has there, or one for"),
        ("vgg16-local", "attention", .string("dyconv"), "missing: features.2."),
        ("vgg16-local", "attention", .string("locla"), "attention is \"locla\"; expected one of a2, "),
        ("vgg16-dynamic", "attention", .string("dyconv"), "attention is \"dyconv\"; expected dynamic, which the network has there, or one"),
        ("vgg16-dynamic", "attention", .string("sse"), "missing: features.0."),
        ("resnet18", "stem", .string("tiny"), "stem is \"tiny\"; expected one of imagenet, cifar."),
        (
            "resnet18", "attention", .string("glance"),
            "attention is \"glance\"; expected one of a2, cbam, cse, deform, dyconv, dynamic, local, "
        ),
        ("resnet18", "attention_args", .object(["K": .number(4)]), "attention_args: a network without attention has no argument K"),
        ("se-basic", "attention_args", .object(["ratio": .number(4)]), "attention_args: se has no argument ratio; it has reduction."),
        (
            "se-basic", "attention_args", .object(["reduction": .number(7)]),
            "layer1.0.attention: a reduction of 7 leaves none of 6 channels."
        ),
        ("cbam-basic", "attention_args", .object(["kernel_size": .number(5)]), "attention_args: kernel_size is 5; expected 3 or 7."),
        ("dyconv-basic", "attention_args", .object(["temperature": .number(0)]), "attention_args: temperature is 0; expected"),
        ("dyconv-basic", "attention_args", .object(["groups": .number(5)]), "layer1.0.conv2: 6 channels cannot become 6 in 5 groups."),
        ("dyconv-basic", "attention_args", .object(["dilation": .number(0)]), "attention_args: dilation is 0; expected"),
        ("dyconv-basic", "attention_args", .object(["K": .number(0)]), "attention_args: K is 0; expected a whole number from 1 to 256."),
        ("dyconv-basic", "attention_args", .object(["bias": .number(1)]), "attention_args: bias is 1; expected true or false."),
        ("dyconv-basic", "attention_args", .object(["temperature": .number(-1)]), "attention_args: temperature is -1; expected"),
        ("odconv-basic", "attention_args", .object(["temperature": .number(0)]), "attention_args: temperature is 0; expected"),
        ("odconv-basic", "attention_args", .object(["groups": .number(4)]), "layer1.0.conv2: 6 channels cannot become 6 in 4 groups."),
        ("cbam-basic", "attention_args", .object(["ratio": .number(7)]), "a ratio of 7 leaves none of 6 channels."),
        ("local-basic", "attention_args", .object(["reduction_ratio": .number(7)]), "a reduction_ratio of 7 leaves none of 6 channels."),
        ("sse-basic", "attention_args", .object(["reduction": .number(2)]), "sse has no argument reduction; it has no arguments."),
        ("sge-basic", "attention_args", .object(["groups": .number(4)]), "layer1.0.attention: 6 channels cannot be divided into 4 groups."),
        ("sge-basic", "attention_args", .object([:]), "layer1.0.attention: 6 channels cannot be divided into 64 groups."),
        ("sge-basic", "attention_args", .object(["groups": .number(0)]), "attention_args: groups is 0; expected a whole number"),
        ("a2-basic", "attention_args", .object(["c_m": .number(0)]), "attention_args: c_m is 0; expected a whole number"),
        (
            "a2-basic", "attention_args", .object(["c_m": .number(4), "reconstruct": .bool(false)]),
            "layer1.0.attention: without reconstruct c_m is the place's 6 channels, but here it is 4."
        ),
        (
            "a2-basic", "attention_args", .object(["distribute_softmax": .string("batch")]),
            "distribute_softmax is \"batch\"; expected one of descriptors, positions."
        ),
        ("dynamic-basic", "attention_args", .object([:]), "layer1.0.conv2: a reduction_ratio of 16 leaves none of 6 channels."),
        ("dynamic-basic", "attention_args", .object(["groups": .number(2)]), "dynamic has no argument groups; it has reduction_ratio."),
        ("vgg16-dynamic", "use_dynamic_conv", .string("no"), "use_dynamic_conv is \"no\"; expected true or false."),
        ("vgg16-dynamic", "reduction_ratio", .number(9), "features.0.2: a reduction_ratio of 9 leaves none of 2 channels."),
        ("deform-small", "attention_args", .object(["modulated": .number(1)]), "attention_args: modulated is 1; expected true or false."),
        ("deform-small", "attention_args", .object(["groups": .number(3)]), "layer1.0.conv2: 4 channels cannot become 4 in 3 groups."),
        ("sc-basic", "attention_args", .object(["pooling_r": .number(0)]), "attention_args: pooling_r is 0; expected"),
        ("sc-basic", "attention_args", .object(["groups": .number(5)]), "6 channels cannot become 6 in 5 groups."),
        ("sk-basic", "attention_args", .object(["G": .number(4)]), "6 channels cannot become 6 in 4 groups."),
        ("sk-basic", "attention_args", .object(["M": .number(0)]), "attention_args: M is 0; expected a whole number from 1 to 16."),
        ("splat-basic", "attention_args", .object(["groups": .number(4)]), "6 channels cannot become 12 in 8 groups."),
        ("splat-basic", "attention_args", .object(["radix": .number(0)]), "attention_args: radix is 0; expected"),
        ("se-basic", "attention_args", .array([]), "attention_args is []; expected an object."),
        ("resnext50", "attention", .string("dynamic"), "it cannot take the place of 32 groups."),
        ("sk-basic", "attention_args", .object(["r": .number(1e-300)]), "attention_args: r is 1e-300; expected at least 0.015625."),
        ("splat-basic", "attention_args", .object(["norm_layer": .string("LayerNorm")]), "expected one of Identity, BatchNorm2d."),
        ("vgg11", "attention", .string("sk"), "features.3: an SK convolution keeps its channels, but here 3 become 7."),
    ])
    func refusesArguments(name: String, argument: String, value: JSONValue, message: String) throws {
        let text = try refusal(name, model: [argument: value])
        #expect(text.contains(message), "\(text)")
    }

    @Test func refusesPoolingOfAMapTooSmall() throws {
        let configuration = ModelConfiguration(architecture: "vgg11", numClasses: 2, preprocessing: .init(inputSize: [3, 16, 32]))
        let error = #expect(throws: ModelError.self) {
            _ = try Network(configuration: configuration, ledger: WeightLedger(shapes: ["a": []]) { _ in [] })
        }
        // The tensors come first: whoever sees them named knows more.
        #expect(error?.description.contains("tensors are missing: features.0.weight [64, 3, 3, 3]") == true)
    }

    @Test func errorsNameNoFolderOutside() throws {
        let missing = FileManager.default.temporaryDirectory.appending(component: "zoo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: missing, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: missing) }
        let first = #expect(throws: ModelError.self) { _ = try Network(directory: missing) }
        #expect(first?.description == "There is no readable config.json.")
        try Data(#"{"architecture": "resnet18"}"#.utf8).write(to: missing.appending(component: "config.json"))
        let second = #expect(throws: ModelError.self) { _ = try Network(directory: missing) }
        #expect(second?.description.contains(missing.deletingLastPathComponent().path) == false)
    }

    /// What these networks have of their own may be named as other backbones name it.
    @Test func acceptsTheAttentionThatTheNetworkHas() throws {
        let two: JSONValue = .object(["reduction_ratio": .number(2)])
        #expect(try refusal("vgg16-local", model: ["attention": .string("local")]) == "accepted")
        let local: [String: JSONValue] = ["attention": .string("local"), "attention_args": two]
        #expect(try refusal("vgg16-local", model: local.merging(["reduction_ratio": .null]) { $1 }) == "accepted")
        #expect(
            try refusal("vgg16-local", model: local)
                == "model_args: reduction_ratio and attention_args cannot both be there for local.")
        #expect(try refusal("vgg16-dynamic", model: ["attention": .string("dynamic")]) == "accepted")
        #expect(try refusal("odresnet18", model: ["attention": .string("odconv"), "stem": .string("cifar")]) == "accepted")
        #expect(try refusal("odresnet18-two-kernels", model: ["attention": .string("odconv")]) == "accepted")
        let one: JSONValue = .object(["kernel_num": .number(1)])
        let other = try refusal("odresnet18-two-kernels", model: ["attention": .string("odconv"), "attention_args": one])
        #expect(other.contains("layer1.0.conv2") && !other.contains("layer1.0.conv1"))
    }
}
