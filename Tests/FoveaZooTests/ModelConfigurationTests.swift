import Foundation
import FoveaJSON
import Testing

@testable import FoveaZoo

@Suite struct ModelConfigurationTests {
    private func read(_ json: String) throws(ModelError) -> ModelConfiguration {
        try ModelConfiguration(json: Data(json.utf8))
    }

    private func refusal(_ json: String) -> String {
        do {
            _ = try read(json)
            return "accepted"
        } catch {
            return error.description
        }
    }

    @Test func newForm() throws {
        let configuration = try read(
            """
            {"architecture": "resnet18", "num_classes": 3, "num_features": 512, "model_args": {"stem": "cifar", "drop_rate": null},
             "label_names": ["cat", "dog", "cow"], "label_descriptions": {"cat": "a small feline"},
             "pretrained_cfg": {"num_classes": 1000, "input_size": [3, 33, 47], "fixed_input_size": false, "interpolation": "bilinear",
               "crop_pct": 0.95, "crop_mode": "squash", "mean": [0.5, 0.25, 0.125], "std": [1, 2, 4], "orientation": "ignore"}}
            """)
        #expect(configuration.architecture == "resnet18")
        #expect(configuration.numClasses == 3)
        #expect(configuration.labels == ["cat", "dog", "cow"])
        #expect(configuration.modelArguments == ["stem": .string("cifar"), "drop_rate": .null])
        #expect(
            configuration.preprocessing
                == .init(
                    inputSize: [3, 33, 47], interpolation: .bilinear, cropFraction: 0.95, cropMode: .squash, mean: [0.5, 0.25, 0.125],
                    std: [1, 2, 4], orientation: .ignore))
    }

    @Test func flatForm() throws {
        let configuration = try read(
            """
            {"architecture": "vgg11", "num_classes": 2, "labels": ["yes", "no"], "input_size": [3, 8, 9], "interpolation": "lanczos",
             "crop_pct": 1.0, "mean": [0, 0, 0], "std": [1, 1, 1], "url": "https://example.org", "first_conv": "features.0"}
            """)
        #expect(configuration.numClasses == 2)
        #expect(configuration.labels == ["yes", "no"])
        #expect(configuration.preprocessing.inputSize == [3, 8, 9])
        #expect(configuration.preprocessing.interpolation == .lanczos)
        #expect(configuration.preprocessing.cropFraction == 1)
        #expect(configuration.preprocessing.mean == [0, 0, 0])
    }

    @Test func defaultsAreTimms() throws {
        for json in [#"{"architecture": "a"}"#, #"{"architecture": "a", "pretrained_cfg": {}, "model_args": null}"#] {
            let configuration = try read(json)
            #expect(configuration.numClasses == 1000)
            #expect(configuration.labels[0] == "0" && configuration.labels[999] == "999")
            #expect(configuration.modelArguments.isEmpty)
            let preprocessing = configuration.preprocessing
            #expect(preprocessing.inputSize == [3, 224, 224])
            #expect(preprocessing.interpolation == .bicubic && preprocessing.cropMode == .center && preprocessing.orientation == .exif)
            #expect(preprocessing.cropFraction == 0.875)
            #expect(preprocessing.mean == [0.485, 0.456, 0.406] && preprocessing.std == [0.229, 0.224, 0.225])
        }
    }

    @Test func classCountComesFromTheOuterFormFirst() throws {
        #expect(try read(#"{"architecture": "a", "pretrained_cfg": {"num_classes": 7}}"#).numClasses == 7)
        #expect(try read(#"{"architecture": "a", "num_classes": 5, "pretrained_cfg": {"num_classes": 7}}"#).numClasses == 5)
        #expect(try read(#"{"architecture": "a", "label_names": ["x", "y"]}"#).numClasses == 2)
    }

    @Test func labelsByIndex() throws {
        let configuration = try read(#"{"architecture": "a", "num_classes": 3, "label_names": {"0": "zero", "2": "two"}}"#)
        #expect(configuration.labels == ["zero", "1", "two"])
        let nested = try read(#"{"architecture": "a", "num_classes": 1, "pretrained_cfg": {"label_names": ["only"]}}"#)
        #expect(nested.labels == ["only"])
    }

    @Test(arguments: [
        (#"{"#, "config.json is not valid JSON, line 1, byte 2: expected a key in double quotes."),
        (
            "{\"architecture\": \"a\",\n \"mean\": [0, 0, 0,]}",
            "config.json is not valid JSON, line 2, byte 19: expected a value."
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "num_classes": 3}"#,
            "config.json is not valid JSON, line 1, byte 55: the key 'num_classes' is there twice."
        ),
        (#"[1]"#, "config.json is [1]; expected an object."),
        (#"{}"#, "config.json has no architecture; expected the name of a network."),
        (#"{"architecture": 5}"#, "config.json: architecture is 5; expected a string."),
        (#"{"architecture": "a", "model_args": [1]}"#, "config.json: model_args is [1]; expected an object."),
        (#"{"architecture": "a", "num_classes": 0}"#, "config.json: num_classes is 0; expected a whole number from 1 to 1000000."),
        (#"{"architecture": "a", "num_classes": 2.5}"#, "config.json: num_classes is 2.5; expected a whole number from 1 to 1000000."),
        (#"{"architecture": "a", "num_classes": 1e300}"#, "config.json: num_classes is 1e+300; expected a whole number from 1 to 1000000."),
        (
            #"{"architecture": "a", "num_classes": 3, "label_names": ["x"]}"#,
            "config.json: label_names has 1 names; expected 3, one for each of num_classes."
        ),
        (
            #"{"architecture": "a", "num_classes": 3, "labels": "x"}"#,
            #"config.json: labels is "x"; expected a list of 3 strings, or an object from index to string."#
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "label_names": {"2": "x"}}"#,
            #"config.json: label_names["2"] is "x"; expected an index from 0 to 1 and a string."#
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "label_names": {"+1": "x"}}"#,
            #"config.json: label_names["+1"] is "x"; expected an index from 0 to 1 and a string."#
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "label_names": {"1": "x", "01": "y"}}"#,
            #"config.json: label_names["01"] is "y"; expected an index from 0 to 1 and a string."#
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "label_names": {"-0": "x"}}"#,
            #"config.json: label_names["-0"] is "x"; expected an index from 0 to 1 and a string."#
        ),
        (
            #"{"architecture": "a", "num_classes": 2, "label_names": {"\u001b[2J": "x"}}"#,
            #"config.json: label_names["\u{1b}[2J"] is "x"; expected an index from 0 to 1 and a string."#
        ),
        (
            #"{"architecture": "a", "pretrained_cfg": {"interpolation": "linear"}}"#,
            #"pretrained_cfg: interpolation is "linear"; expected one of nearest, box, bilinear, hamming, bicubic, lanczos."#
        ),
        (
            #"{"architecture": "a", "pretrained_cfg": {"crop_mode": "middle"}}"#,
            #"pretrained_cfg: crop_mode is "middle"; expected one of center, squash, border."#
        ),
        (#"{"architecture": "a", "crop_pct": 0}"#, "config.json: crop_pct is 0; expected a number from 0.01 to 100."),
        (#"{"architecture": "a", "crop_pct": 0.005}"#, "config.json: crop_pct is 0.005; expected a number from 0.01 to 100."),
        (#"{"architecture": "a", "crop_pct": "1"}"#, #"config.json: crop_pct is "1"; expected a number from 0.01 to 100."#),
        (
            #"{"architecture": "a", "input_size": [3, 64, 8], "crop_pct": 8.5}"#,
            "config.json: crop_pct is 8.5; expected a number from 0.01 to 8."
        ),
        (
            #"{"architecture": "a", "pretrained_cfg": {"interpolation": "random"}}"#,
            #"pretrained_cfg: interpolation is "random"; expected the one filter of the evaluation: timm draws filters at random in training only."#
        ),
        (
            #"{"architecture": "a", "input_size": [3, 0, 4]}"#,
            "config.json: input_size is [3, 0, 4]; expected a list of 3 whole numbers from 1 to 4096."
        ),
        (
            #"{"architecture": "a", "input_size": [1, 28, 28]}"#,
            "config.json: input_size is [1, 28, 28]; expected [3, height, width]: pictures are decoded to RGB."
        ),
        (#"{"architecture": "a", "mean": [1, 2]}"#, "config.json: mean is [1, 2]; expected a list of 3 numbers."),
        (#"{"architecture": "a", "mean": [1, 2, 1e300]}"#, "config.json: mean is [1, 2, 1e+300]; expected a list of 3 numbers."),
        (#"{"architecture": "a", "std": [1, 0, 1]}"#, "config.json: std is [1, 0, 1]; expected a list of 3 numbers above 0."),
        (#"{"architecture": "a", "std": [1, 1e-300, 1]}"#, "config.json: std is [1, 1e-300, 1]; expected a list of 3 numbers above 0."),
        (#"{"architecture": "a", "orientation": true}"#, "config.json: orientation is true; expected one of exif, ignore."),
    ])
    func refuses(json: String, message: String) {
        #expect(refusal(json) == message)
    }

    @Test func preprocessingIsWrittenAsItIsRead() throws {
        let some = ModelConfiguration.Preprocessing(
            inputSize: [3, 33, 47], interpolation: .box, cropFraction: 0.95, cropMode: .border, mean: [0.485, 0.5, -1], std: [0.229, 1, 4],
            orientation: .ignore)
        for preprocessing in [some, ModelConfiguration.Preprocessing()] {
            let members: [String: JSONValue] = ["architecture": .string("a"), "pretrained_cfg": preprocessing.json]
            let read = try ModelConfiguration(json: JSONEncoder().encode(JSONValue.object(members)))
            #expect(read.preprocessing == preprocessing)
        }
        let written: JSONValue = .object([
            "input_size": .array([.number(3), .number(224), .number(224)]), "interpolation": .string("bicubic"),
            "crop_pct": .number(0.875), "crop_mode": .string("center"),
            "mean": .array([.number(0.485), .number(0.456), .number(0.406)]),
            "std": .array([.number(0.229), .number(0.224), .number(0.225)]),
        ])
        #expect(ModelConfiguration.Preprocessing().json == written, "decimals as they were meant, and only what timm knows")
    }

    @Test func aPictureMayBeSmallerThanTheInput() throws {
        #expect(try read(#"{"architecture": "a", "crop_pct": 1.25}"#).preprocessing.cropFraction == 1.25)
        #expect(try read(#"{"architecture": "a", "crop_pct": 0.01}"#).preprocessing.cropFraction == 0.01)
        #expect(try read(#"{"architecture": "a", "input_size": [3, 64, 8], "crop_pct": 8}"#).preprocessing.cropFraction == 8)
    }

    @Test func deepNestingIsRefused() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(
            refusal(#"{"architecture": "a", "x": "# + deep)
                == "config.json is not valid JSON, line 1, byte 91: it is nested deeper than 64 levels.")
    }

    @Test func missingFile() {
        let file = URL(filePath: "/nonexistent/model/config.json")
        #expect(throws: ModelError("There is no readable config.json.")) { try ModelConfiguration(file: file) }
    }
}
