import FoveaJSON
import Testing

@testable import FoveaZoo

@Suite struct StaticCounterpartTests {
    private func counterpart(_ architecture: String, _ arguments: [String: JSONValue]) throws -> StaticCounterpart {
        try StaticCounterpart(of: ModelConfiguration(architecture: architecture, modelArguments: arguments, numClasses: 10))
    }

    @Test func whatStandsStillIsDroppedAndTheRestStays() throws {
        let plain = try counterpart("odresnet18", ["kernel_num": .number(4), "base_width": .number(8)])
        #expect(plain.architecture == "resnet18")
        #expect(plain.modelArguments == ["base_width": .number(8), "stem": .string("cifar")])
        let gate: [String: JSONValue] = ["attention": .string("se"), "attention_args": .object([:]), "stem": .string("imagenet")]
        #expect(try counterpart("odresnet18", gate).modelArguments == gate)
        let named = try counterpart("odresnet18", ["attention": .string("dyconv"), "stem": .null])
        #expect(named.modelArguments == ["stem": .string("cifar")])
        let vgg = try counterpart("vgg16_with_dynamic_conv", ["attention": .string("dynamic"), "attention_args": .object([:])])
        #expect(vgg.modelArguments == ["use_dynamic_conv": .bool(false)])
        let gatedVGG = try counterpart("vgg16_with_dynamic_conv", ["attention": .string("se")])
        #expect(gatedVGG.modelArguments == ["attention": .string("se"), "use_dynamic_conv": .bool(false)])
        #expect(try counterpart("resnet18", ["attention": .string("odconv")]).modelArguments == [:])
        let absent: [String: JSONValue] = [
            "attention": .string("dyconv"), "attention_args": .object(["groups": .null, "dilation": .null]),
        ]
        #expect(try counterpart("resnet18", absent).modelArguments == [:])
    }

    @Test func whatHasNoCounterpartIsRefused() {
        #expect(throws: ModelError.self) { try counterpart("resnet18", ["attention": .string("se")]) }
        let grouped: JSONValue = .object(["groups": .number(2)])
        #expect(throws: ModelError.self) { try counterpart("resnet18", ["attention": .string("dyconv"), "attention_args": grouped]) }
        #expect(throws: ModelError.self) { try counterpart("odresnet18", ["attention": .string("dyconv"), "attention_args": grouped]) }
    }
}
