import ArgumentParser
import FoundationEssentials
import FoveaServing

extension ClassifyParameters.Explanation: ExpressibleByArgument {}

/// `fovea classify`.
struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Classifies picture files and folders of them.",
        discussion:
            "Exit codes: 0 all were classified, 1 the model or a path is wrong, 2 some pictures failed (each is named), 64 wrong usage.")

    @Argument(help: "Pictures, pipes (such as /dev/stdin), and folders, which are searched for .jpg, .jpeg and .png files.")
    var paths: [String]

    @Option(help: "A name under --models, or the path of a model directory. (default: the first by name)")
    var model: String?

    @Option(help: "Number of top classes to return.")
    var topK = 5

    @Option(help: "Output format: text, json (one object per line) or csv (one line per class).")
    var format = ResultFormat.text

    @Option(
        help: "Explanation method: none, cam, gradcam, hirescam or layercam. Needs --format json or --overlay.")
    var explain = ClassifyParameters.Explanation.none

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("The classes to explain, up to five indices separated by commas. (default: the top class)", valueName: "index,…")
    )
    var classes: String?

    @Option(help: ArgumentHelp("Layer names or globs, separated by commas, whose maps to return. (default: all)", valueName: "layer,…"))
    var layers: String?

    @Option(help: ArgumentHelp("Classify only every Nth picture, starting at index I (0/4 to 3/4 are four parts).", valueName: "i/n"))
    var shard: Shard?

    @Option(help: ArgumentHelp("Writes the results to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Continues an existing --output file: pictures that it names are skipped. Needs --format json or csv.")
    var resume = false

    @Option(
        help: ArgumentHelp("Writes each map drawn over its picture, DIR/<picture's path>/<layer>.<kind>.png.", valueName: "dir"))
    var overlay: String?

    @Option(help: "The colours of the drawings: viridis, inferno, jet or gray.")
    var colormap = ClassifyParameters.Colormap.viridis

    @OptionGroup var options: ModelOptions

    func validate() throws {
        if topK < 1 { throw ValidationError("--top-k is \(topK); expected a whole number from 1.") }
        if explain != .none, format != .json, overlay == nil {
            throw ValidationError("--explain needs --format json or --overlay: nothing else has room for maps.")
        }
        if explain == .none, classes != nil { throw ValidationError("--class needs --explain, which says how to explain it.") }
        if resume, output == nil { throw ValidationError("--resume continues a file; name it with --output.") }
        if resume, format == .text { throw ValidationError("--resume needs --format json or csv: text does not tell where a path ends.") }
    }

    func run() async throws {
        var files = try PictureFiles.find(paths)
        if files.isEmpty { Output.note("There is no .jpg, .jpeg or .png file in \(paths.map { "'\($0)'" }.joined(separator: ", ")).") }
        if let shard { files = shard.part(of: files) }
        let (store, name) = try options.load(model)
        var parameters = ClassifyParameters()
        parameters.model = name
        parameters.topK = topK
        parameters.attention = format == .json ? .maps : overlay == nil ? .none : .summary
        parameters.overlay = overlay == nil ? .none : .png
        parameters.colormap = colormap
        parameters.explanation = explain
        do {
            if let classes { try parameters.set("class", to: classes) }
            if let layers { try parameters.set("layers", to: layers) }
            try parameters.check(against: store)
        } catch {
            throw Failure(description: error.detail)
        }
        let results = try output.map { try ResultFile($0, format: format, resumes: resume, files: files) } ?? ResultFile()
        let drawings = try overlay.map { try DrawingFolder($0, sources: paths, files: files) }
        files.removeAll(where: results.finished.contains)

        var service = ClassificationService.Options(threads: try options.threadCount())
        service.deadline = nil
        // A picture that finds the queue full fails.
        service.maxQueue = OfflineBatch.width(service)
        // Nobody else waits, and what is drawn is written at once.
        (service.maxDrawings, service.maxDrawingBytes) = (.max, .max)
        let batch = OfflineBatch(
            service: ClassificationService(store: store, options: service), parameters: parameters, drawings: drawings)
        var bar = ProgressBar(total: files.count)
        var (done, failed) = (0, 0)
        if results.isNew { try results.write(Array(format.header.utf8)) }
        try await batch.run(files) { file, result in
            done += 1
            if case .failure = result { failed += 1 }
            bar.finish()
            switch result {
            case .success(let classification): try results.write(format.lines(file, classification))
            case .failure(let error):
                Output.note("\(file): \(error.detail)")
                try results.write(format.lines(file, error))
            }
            bar.update(done)
        }
        bar.finish()
        if failed > 0 {
            Output.note("\(failed) of \(files.count) pictures could not be classified.")
            throw ExitCode(2)
        }
    }
}

extension ClassifyParameters.Colormap: ExpressibleByArgument {}
