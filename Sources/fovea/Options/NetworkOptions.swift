import ArgumentParser
import FoundationEssentials
import FoveaJSON
import FoveaZoo

extension ModelConfiguration.Preprocessing.Interpolation: ExpressibleByArgument {}
extension ModelConfiguration.Preprocessing.CropMode: ExpressibleByArgument {}

/// A network in words, from which a `config.json` is made.
struct NetworkOptions: ParsableArguments {
    @Option(help: "The network's name, if there is no config.json.")
    var architecture: String?

    @Option(help: "Number of classes.")
    var numClasses: Int?

    @Option(help: ArgumentHelp("The network's arguments, as a JSON object.", valueName: "json"))
    var modelArgs: String?

    @Option(
        help: ArgumentHelp(
            "The classes' names: a text file with one per line, a JSON list, or a JSON object from index to name.", valueName: "file"))
    var labels: String?

    @Option(
        help: ArgumentHelp("[channels, height, width] of the network's input, as a JSON list. (default: [3, 224, 224])", valueName: "json"))
    var inputSize: String?

    @Option(help: ArgumentHelp("The filter to resize pictures with. (default: bicubic)", valueName: "filter"))
    var interpolation: ModelConfiguration.Preprocessing.Interpolation?

    @Option(help: ArgumentHelp("The input's side divided by that of the resized picture. (default: 0.875)", valueName: "number"))
    var cropPct: Double?

    @Option(help: ArgumentHelp("Which part of a picture the network sees. (default: center)", valueName: "mode"))
    var cropMode: ModelConfiguration.Preprocessing.CropMode?

    @Option(help: ArgumentHelp("Mean of each channel, for values from 0 to 1, as a JSON list. (default: ImageNet's)", valueName: "json"))
    var mean: String?

    @Option(help: ArgumentHelp("Standard deviation of each channel, as a JSON list. (default: ImageNet's)", valueName: "json"))
    var std: String?

    /// Refuses what no `config.json` may say.
    /// - Throws: `ValidationError`, which is wrong usage.
    func check() throws {
        let beside = [
            ("--num-classes", numClasses != nil), ("--model-args", modelArgs != nil), ("--labels", labels != nil),
            ("--input-size", inputSize != nil), ("--interpolation", interpolation != nil), ("--crop-pct", cropPct != nil),
            ("--crop-mode", cropMode != nil), ("--mean", mean != nil), ("--std", std != nil),
        ]
        if architecture == nil, let (name, _) = beside.first(where: \.1) {
            throw ValidationError("\(name) describes a network; name it with --architecture.")
        }
        if let numClasses, numClasses < 1 { throw ValidationError("--num-classes is \(numClasses); expected at least 1.") }
        _ = try object(modelArgs, "--model-args")
        let members: [String: JSONValue] = ["architecture": .string("any"), "pretrained_cfg": .object(try preprocessing())]
        do {
            _ = try ModelConfiguration(json: Self.encoded(members))
        } catch let error as ModelError {
            throw ValidationError(error.description)
        }
    }

    /// The bytes of a `config.json` with what was given, and with what was left open as it will be taken: the file tells what the network is shown.
    func configuration(_ architecture: String) throws -> Data {
        var members: [String: JSONValue] = ["architecture": .string(architecture), "pretrained_cfg": .object(try preprocessing())]
        if let arguments = try object(modelArgs, "--model-args") { members["model_args"] = arguments }
        if let numClasses { members["num_classes"] = .number(Double(numClasses)) }
        if let labels {
            let file = try LabelFile(labels)
            members["label_names"] = file.names
            if numClasses == nil { members["num_classes"] = .number(Double(file.count)) }
        }
        let resolved = try ModelConfiguration(json: Self.encoded(members))
        members["num_classes"] = .number(Double(resolved.numClasses))
        members["pretrained_cfg"] = resolved.preprocessing.json
        return try Self.encoded(members)
    }

    // MARK: -

    private func preprocessing() throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["input_size"] = try list(inputSize, "--input-size", "[3, 224, 224]")
        members["mean"] = try list(mean, "--mean", "[0.5, 0.5, 0.5]")
        members["std"] = try list(std, "--std", "[0.5, 0.5, 0.5]")
        members["interpolation"] = interpolation.map { JSONValue.string($0.rawValue) }
        members["crop_mode"] = cropMode.map { JSONValue.string($0.rawValue) }
        if let cropPct {
            // JSON has no sign for what is no number.
            guard cropPct.isFinite else { throw ValidationError("--crop-pct is \(cropPct); expected a number above 0.") }
            members["crop_pct"] = .number(cropPct)
        }
        return members
    }

    private static func encoded(_ members: [String: JSONValue]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(JSONValue.object(members))
    }

    private func object(_ text: String?, _ option: String) throws -> JSONValue? {
        guard let value = try json(text, option, "a JSON object, as in {\"layers\": [1, 1]}") else { return nil }
        guard case .object = value else { throw refusal(text, option, "a JSON object, as in {\"layers\": [1, 1]}") }
        return value
    }

    private func list(_ text: String?, _ option: String, _ example: String) throws -> JSONValue? {
        guard let value = try json(text, option, "a JSON list, as in \(example)") else { return nil }
        guard case .array = value else { throw refusal(text, option, "a JSON list, as in \(example)") }
        return value
    }

    private func json(_ text: String?, _ option: String, _ expected: String) throws -> JSONValue? {
        guard let text else { return nil }
        do throws(JSONFault) {
            return try JSONValue(json: Array(text.utf8))
        } catch {
            throw refusal(text, option, "\(expected) (\(error))")
        }
    }

    private func refusal(_ text: String?, _ option: String, _ expected: String) -> ValidationError {
        ValidationError("\(option) is '\((text ?? "").prefix(80))'; expected \(expected).")
    }
}
