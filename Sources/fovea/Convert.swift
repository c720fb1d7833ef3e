import ArgumentParser
import Foundation
import FoveaCheckpoints
import FoveaServing
import FoveaZoo

/// `fovea convert`.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns a checkpoint into a model directory that the server reads.",
        discussion: """
            The configuration is that of --config, or else SRC's config.json, or else it is made of --architecture and the options beside it. \
            The result is loaded before DST appears: what the server would refuse is never written.
            """)

    @Argument(help: "A .pth, .pt, .bin or .safetensors file, or a model directory.")
    var source: String

    @Argument(help: "The model directory to write; it must not exist.")
    var destination: String

    @Option(help: ArgumentHelp("A config.json to take.", valueName: "file"))
    var config: String?

    @Option(help: "The network's name, where there is no config.json.")
    var architecture: String?

    @Option(help: "How many classes it tells apart.")
    var numClasses: Int?

    @Option(help: ArgumentHelp("The network's arguments, as a JSON object.", valueName: "json"))
    var modelArgs: String?

    @Option(help: ArgumentHelp("The classes' names: a text file with one a line, or a JSON list.", valueName: "file"))
    var labels: String?

    @Option(help: ArgumentHelp("[channels, height, width] of the network's input, as a JSON list.", valueName: "json"))
    var inputSize: String?

    @Option(help: "How weights are stored: f32, f16, bf16, or keep (as in SRC where that is one of them, else f32).")
    var dtype: StoredType = .keep

    func validate() throws {
        guard config == nil || architecture == nil else {
            throw ValidationError("--config and --architecture exclude each other: a config.json names its architecture.")
        }
        let beside = [
            ("--num-classes", numClasses != nil), ("--model-args", modelArgs != nil), ("--labels", labels != nil),
            ("--input-size", inputSize != nil),
        ]
        if architecture == nil, let (name, _) = beside.first(where: \.1) {
            throw ValidationError("\(name) describes a network; name it with --architecture.")
        }
        if let numClasses, numClasses < 1 { throw ValidationError("--num-classes is \(numClasses); expected at least 1.") }
        _ = try parsed(modelArgs, "--model-args", as: [String: Any].self)
        _ = try parsed(inputSize, "--input-size", as: [Any].self)
    }

    func run() throws {
        do {
            let conversion = ModelConversion(source: URL(filePath: source), destination: URL(filePath: destination), storedType: dtype)
            let report = try conversion.run(configuration: configuration)
            Output.write(
                "\(destination): \(report.architecture), \(report.parameters) parameters, \(report.tensors) tensors, \(report.bytes) bytes\n"
            )
        } catch let error as ModelError {
            throw Failure(description: error.description)
        } catch let error as CheckpointError {
            throw Failure(description: error.description)
        }
    }

    // MARK: -

    /// The bytes of the configuration that the options ask for.
    private func configuration() throws -> Data {
        if let architecture { return try described(architecture) }
        var file = URL(filePath: config ?? source)
        if config == nil {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file.path(percentEncoded: false), isDirectory: &isDirectory)
            if !isDirectory.boolValue { file.deleteLastPathComponent() }
            file.append(path: "config.json")
        }
        guard let bytes = try? Data(contentsOf: file) else {
            let advice = config == nil ? "; name one with --config, or the network with --architecture" : ""
            throw Failure(description: "There is no readable '\(file.path(percentEncoded: false))'\(advice).")
        }
        return bytes
    }

    /// A `config.json` made of the options.
    private func described(_ architecture: String) throws -> Data {
        var members: [String: Any] = ["architecture": architecture]
        if let arguments = try parsed(modelArgs, "--model-args", as: [String: Any].self) { members["model_args"] = arguments }
        if let numClasses { members["num_classes"] = numClasses }
        if let labels {
            let names = try Self.names(URL(filePath: labels))
            members["label_names"] = names
            if numClasses == nil { members["num_classes"] = names.count }
        }
        if let size = try parsed(inputSize, "--input-size", as: [Any].self) { members["pretrained_cfg"] = ["input_size": size] }
        return try JSONSerialization.data(withJSONObject: members, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private func parsed<Form>(_ text: String?, _ option: String, as form: Form.Type) throws -> Form? {
        guard let text else { return nil }
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? Form else {
            let expected = form == [Any].self ? "a JSON list, as in [3, 224, 224]" : "a JSON object, as in {\"layers\": [1, 1]}"
            throw ValidationError("\(option) is '\(text.prefix(80))'; expected \(expected).")
        }
        return value
    }

    /// One a line, or a JSON list of strings.
    private static func names(_ file: URL) throws -> [String] {
        let name = file.lastPathComponent
        guard let data = try? Data(contentsOf: file) else { throw Failure(description: "There is no readable '\(name)'.") }
        if let list = try? JSONSerialization.jsonObject(with: data) as? [String] { return list }
        guard let text = String(data: data, encoding: .utf8), !text.isEmpty else {
            throw Failure(description: "'\(name)' holds no labels; expected one a line, or a JSON list of strings.")
        }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension StoredType: ExpressibleByArgument {}
