import ArgumentParser
import FoundationEssentials
import FoveaCheckpoints
import FoveaServing
import FoveaSystem
import FoveaZoo
import Glibc

/// `fovea convert`.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Converts a checkpoint to a model directory.",
        discussion: """
            The configuration is that of --config, or else SRC's config.json, or else it is made from --architecture and its options. \
            The result is loaded before DST appears: what the server would refuse is never written.

            With --static each ODConv, DYConv and generated kernel becomes a plain convolution with the mean of its attentions over the \
            pictures of --calibration, layer by layer, so that later layers see what the static ones before them compute. Both networks are \
            then compared on the pictures of --evaluate: the classes that they share, the time of a picture, and the accuracy where the \
            pictures lie in folders named after their classes.
            """)

    @Argument(help: "A .pth, .pt, .bin or .safetensors file, or a model directory.")
    var source: String

    @Argument(help: "The model directory to write; it must not exist.")
    var destination: String

    @Option(help: ArgumentHelp("The config.json to use.", valueName: "file"))
    var config: String?

    @OptionGroup var network: NetworkOptions

    @Option(help: "How weights are stored: f32, f16, bf16, or keep (as in SRC where that is one of them, else f32).")
    var dtype: StoredType = .keep

    @Flag(help: "Makes dynamic convolutions static; needs --calibration or --noise.")
    var `static` = false

    @Option(help: ArgumentHelp("A folder of pictures like those that the network will see.", valueName: "dir"))
    var calibration: String?

    @Option(help: "Number of calibration pictures, evenly spread over the folder.")
    var calibrationPictures = 256

    @Flag(help: "Calibrates on random numbers instead of pictures, for comparison.")
    var noise = false

    @Option(help: ArgumentHelp("A folder of pictures to compare both networks on. (default: that of --calibration)", valueName: "dir"))
    var evaluate: String?

    @Option(help: "Threads for passes. (default: what the affinity mask and the control group allow)")
    var threads: Int?

    func validate() throws {
        if `static` {
            guard (calibration != nil) != noise else {
                throw ValidationError("--static needs pictures: --calibration with a folder of them, or else --noise.")
            }
            guard calibrationPictures >= 1 else {
                throw ValidationError("--calibration-pictures is \(calibrationPictures); expected at least 1.")
            }
        } else if let (name, _) = [("--calibration", calibration != nil), ("--noise", noise), ("--evaluate", evaluate != nil)]
            .first(where: \.1)
        {
            throw ValidationError("\(name) is for --static.")
        }
        guard config == nil || network.architecture == nil else {
            throw ValidationError("--config and --architecture exclude each other: a config.json names its architecture.")
        }
        try network.check()
    }

    func run() throws {
        do {
            let conversion = ModelConversion(source: URL(filePath: source), destination: URL(filePath: destination), storedType: dtype)
            let report = try conversion.run(static: try staticConversion(), configuration: configuration)
            try Output.write(
                "\(destination): \(report.architecture), \(report.parameters) parameters, \(report.tensors) tensors, \(report.bytes) bytes\n"
            )
            if let comparison = report.comparison {
                try Output.write("static: \(report.staticLayers.count) layers (\(report.staticLayers.joined(separator: ", ")))\n")
                try Output.write(comparison.text)
            }
        } catch let error as ModelError {
            throw Failure(description: error.description)
        } catch let error as CheckpointError {
            throw Failure(description: error.description)
        }
    }

    // MARK: -

    /// What `--static` asks for.
    private func staticConversion() throws -> StaticConversion? {
        guard `static` else { return nil }
        let found = try calibration.map { try PictureFiles.find([$0]) } ?? []
        if let calibration, found.isEmpty { throw Failure(description: "There is no .jpg, .jpeg or .png file in '\(calibration)'.") }
        let count = min(calibrationPictures, found.count)
        let compared = try evaluate.map { try PictureFiles.find([$0]) } ?? found
        if let evaluate, compared.isEmpty { throw Failure(description: "There is no .jpg, .jpeg or .png file in '\(evaluate)'.") }
        let bar = Progress()
        return StaticConversion(
            calibration: (0..<count).map { found[$0 * found.count / count] }, evaluation: compared, method: noise ? .noise : .pictures,
            threads: try Environment().threads(threads),
            progress: bar.show)
    }

    /// A bar for the layers, then one for the pictures.
    private struct Progress: Sendable {
        func show(_ progress: StaticConversion.Progress) {
            guard isatty(STDERR_FILENO) == 1 else { return }
            let isLast = progress.done == progress.total
            let line = isLast ? "\r\u{1B}[K" : "\r\(progress.done)/\(progress.total)"
            try? OutputFile.standardError.write(line.utf8)
        }
    }

    /// The bytes of the configuration that the options ask for.
    private func configuration() throws -> Data {
        if let architecture = network.architecture { return try network.configuration(architecture) }
        var file = URL(filePath: config ?? source)
        if config == nil {
            if FileStatus(source)?.isDirectory != true { file.deleteLastPathComponent() }
            file.append(path: "config.json")
        }
        guard let bytes = try? Data(contentsOf: file) else {
            let advice = config == nil ? "; name one with --config, or the network with --architecture" : ""
            throw Failure(description: "There is no readable '\(file.path(percentEncoded: false))'\(advice).")
        }
        return bytes
    }
}

extension StoredType: ExpressibleByArgument {}

extension StaticComparison {
    /// What `fovea convert --static` tells, a line for each figure.
    var text: String {
        guard pictures > 0 else { return "" }
        func share(_ count: Int) -> String { "\((100 * Double(count) / Double(pictures)).fixed(2)) % (\(count) of \(pictures))" }
        var lines: [String] = []
        if isLabelled { lines.append("accuracy: dynamic \(share(dynamicRight)), static \(share(staticRight))") }
        lines.append("agreement: \(share(agreeing)) of the classes; mean distance of the probabilities \(distance.fixed(4))")
        let factor = staticMilliseconds > 0 ? dynamicMilliseconds / staticMilliseconds : 0
        lines.append(
            "speed: one picture on one thread \(dynamicMilliseconds.fixed(3)) ms, static \(staticMilliseconds.fixed(3)) ms: "
                + "\(factor.fixed(2)) times as fast")
        return lines.joined(separator: "\n") + "\n"
    }
}
