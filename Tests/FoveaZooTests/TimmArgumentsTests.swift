import FoveaJSON
import Testing

@testable import FoveaZoo

/// The arguments of timm's classes that a hub `config.json` may hold; what they do is in the fixtures.
@Suite struct TimmArgumentsTests {
    @Test(arguments: [
        ("timm-resnet26-arguments", "in_chans", JSONValue.number(1), "in_chans is 1; expected 3: this network has no other."),
        ("timm-resnet26-arguments", "global_pool", .string("max"), "global_pool is \"max\"; expected \"avg\""),
        ("timm-resnet26-arguments", "output_stride", .number(16), "output_stride is 16; expected 32"),
        ("timm-resnet26-arguments", "act_layer", .string("gelu"), "act_layer is \"gelu\"; expected \"relu\""),
        ("timm-resnet26-arguments", "norm_layer", .string("frn"), "norm_layer is \"frn\"; expected \"batchnorm2d\" or \"batchnorm\""),
        ("timm-resnet26-arguments", "aa_layer", .string("blurpool"), "aa_layer is \"blurpool\"; expected \"\""),
        ("timm-resnet26-arguments", "replace_stem_pool", .bool(true), "replace_stem_pool is true; expected false"),
        ("timm-resnet26-arguments", "block_reduce_first", .number(2), "block_reduce_first is 2; expected 1"),
        ("timm-resnet26-arguments", "down_kernel_size", .number(3), "down_kernel_size is 3; expected 1"),
        ("timm-resnet26-arguments", "layers", .array([.number(1)]), "layers is [1]; expected a list of 4 whole numbers from 1 to 256."),
        ("timm-resnet26-arguments", "channels", .number(64), "channels is 64; expected a list of 4 whole numbers from 1 to 65536."),
        ("timm-resnet26-arguments", "cardinality", .number(0), "cardinality is 0; expected a whole number from 1 to 4096."),
        ("timm-resnet26-arguments", "stem_type", .string("wide"), "stem_type is \"wide\"; expected one of , deep, deep_tiered."),
        ("timm-resnet26t", "stem_width", .number(3), "stem_width is 3; expected at least 4 with a tiered stem."),
        ("timm-resnet18d", "cardinality", .number(2), "cardinality is 2; expected 1: this network has no other."),
        ("timm-resnet18d", "base_width", .number(32), "base_width is 32; expected 64"),
        ("timm-resnet18d", "block_args", .array([]), "block_args is []; expected an object."),
        ("timm-resnet18d", "block_args", .object(["attn_layer": .string("eca")]), "block_args: attn_layer is \"eca\"; expected \"se\""),
        (
            "timm-resnet18d", "block_args", .object(["attn_kwargs": .object([:])]),
            "block_args: resnet18d has no argument attn_kwargs; it has attn_layer."
        ),
        // As in timm, what is given replaces what the name stands for.
        ("timm-seresnet18", "block_args", .object([:]), "are unexpected: layer1.0.se.fc1.bias"),
        ("timm-skresnet18", "block_args", .object([:]), "layer1.0.conv1.attn.fc_reduce.weight is [16, 8, 1, 1], expected [8, 8, 1, 1]"),
        (
            "timm-skresnet18", "block_args", .object(["sk_kwargs": .object(["keep_3x3": .number(1)])]),
            "sk_kwargs: keep_3x3 is 1; expected true or false."
        ),
        (
            "timm-skresnet18", "block_args", .object(["sk_kwargs": .object(["rd_round": .number(1)])]),
            "sk_kwargs: skresnet18 has no argument rd_round; it has keep_3x3, rd_channels, rd_divisor, rd_ratio, split_input."
        ),
        ("timm-skresnet18", "block_args", .object(["sk": .number(1)]), "block_args: skresnet18 has no argument sk; it has sk_kwargs."),
        ("timm-skresnet18", "channels", .array([7, 8, 8, 8].map { .number($0) }), "7 channels cannot be split over 2 paths."),
        ("timm-resnest14d", "block_args", .object(["radix": .number(0)]), "block_args: radix is 0; expected a whole number from 1 to 16."),
        ("timm-resnest14d", "block_args", .object(["avd": .bool(false)]), "block_args: avd is false; expected true"),
        ("timm-resnest14d", "block_args", .object(["radix": .number(2)]), "block_args: avd is false; expected true"),
        ("timm-resnest14d", "block_args", .object(["avd": .bool(true)]), "conv2.conv.weight is"),
        (
            "timm-resnest14d", "block_args", .object(["avd": .bool(true), "avd_first": .number(1)]),
            "block_args: avd_first is 1; expected true or false."
        ),
        ("timm-resnest14d", "avg_down", .bool(false), "avg_down is false; expected true: ResNeSt averages."),
        ("timm-legacy-seresnet18", "reduction", .number(7), "layer1.0.se_module: a reduction of 7 leaves none of 6 channels."),
        ("timm-vgg11", "global_pool", .string("max"), "global_pool is \"max\"; expected \"avg\""),
        ("timm-vgg11", "mlp_ratio", .number(0), "mlp_ratio is 0; expected a number above 0 and at most 16."),
        ("timm-vgg11", "mlp_ratio", .number(1e-4), "a mlp_ratio of 0.0001 leaves none of 4096 channels."),
    ])
    func refusesArgumentsOfTimms(name: String, argument: String, value: JSONValue, message: String) throws {
        let text = try refusal(name, model: [argument: value])
        #expect(text.contains(message), "\(text)")
    }

    @Test func blockArgumentsMaySayWhatTheNameStandsFor() throws {
        let same: JSONValue = .object(["radix": .number(2), "avd": .bool(true)])
        #expect(try refusal("timm-resnest14d", model: ["block_args": same]) == "accepted")
        #expect(try refusal("timm-resnest14d", model: ["block_args": .null]) == "accepted")
    }

    @Test func trainingsArgumentsHaveNoSay() throws {
        let training = ["drop_rate", "drop_path_rate", "drop_block_rate", "zero_init_last"].map { ($0, JSONValue.number(0.1)) }
        #expect(try refusal("timm-resnet26-arguments", model: Dictionary(uniqueKeysWithValues: training)) == "accepted")
    }
}
