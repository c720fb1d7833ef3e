import ArgumentParser
import FoundationEssentials
import FoveaServing

/// `fovea explain-eval`.
struct ExplainEval: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-eval",
        abstract: "Measures whether a model's maps show what its answers depend on.",
        discussion: """
            Deletion covers up a picture's pixels in the order of a map's values, the highest first, and watches the probability of the top class: the lower the area under \
            the curve, the better the map. Insertion uncovers them on a blurred picture: the higher, the better. The pointing game asks how often the map's peak is on the \
            object: within its box, or within its quarter of a mosaic of four pictures of different classes. A random map and one that is greatest in the middle are \
            measured beside the model's own.
            """)

    /// How the table is printed.
    enum Format { case text, json, csv }

    @Argument(help: "A name under --models, or the path of a model directory.")
    var model: String

    @Argument(help: "A folder of labelled pictures, FOLDER/<label>/<picture>.")
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The objects' boxes: path,x,y,w,h in pixels of the upright picture, the path relative to FOLDER.", valueName: "csv")
    )
    var boxes: String?

    @Option(help: "Maximum number of pictures to measure; chosen at random if there are more.")
    var pictures = 500

    @Option(help: "Number of equal parts that a picture's pixels are divided into.")
    var steps = 16

    @Option(help: "Random seed; the same seed gives the same result.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Draws the curves into an SVG file.", valueName: "file"))
    var plot: String?

    @Flag(help: "Print a JSON object, with the curves.")
    var json = false

    @Flag(help: "Print CSV, one line per map.")
    var csv = false

    @OptionGroup var options: ModelOptions

    func validate() throws {
        guard !(json && csv) else { throw ValidationError("--json and --csv exclude each other.") }
        guard (1...1_000_000).contains(pictures) else { throw ValidationError("--pictures is \(pictures); expected 1 to 1000000.") }
        guard (2...1000).contains(steps) else { throw ValidationError("--steps is \(steps); expected 2 to 1000.") }
    }

    func run() throws {
        var settings = ExplanationEvaluation.Options()
        settings.steps = steps
        settings.pictures = pictures
        settings.seed = seed
        let found = try labelled()
        do {
            settings.boxes = try boxes.map { try boxList($0, of: found) }
            settings.threads = try options.threadCount()
            let (store, name) = try options.load(model)
            let evaluation = try ExplanationEvaluation(store: store, model: name, options: settings)
            if let plot, !FileManager.default.createFile(atPath: plot, contents: nil) {
                throw Failure(description: "'\(plot)' cannot be written; check its folder and the permissions.")
            }
            var bar = ProgressBar(total: min(found.count, pictures))
            let report = try evaluation.run(found) { done, _ in bar.update(done) }
            bar.finish()
            if let plot { try Data(CurvePlot(report).svg().utf8).write(to: URL(filePath: plot)) }
            let table = EvaluationTable(report)
            try Output.write(json ? table.json() : Array((csv ? table.csv() : table.text()).utf8))
        } catch let error as ClassificationError {
            throw Failure(description: error.detail)
        }
    }

    private func labelled() throws -> [ExplanationEvaluation.Picture] {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let found = try PictureFiles.find([folder]).compactMap { file -> ExplanationEvaluation.Picture? in
            let path = String(file.dropFirst(prefix.count))
            let parts = path.split(separator: "/")
            guard file.hasPrefix(prefix), parts.count >= 2 else { return nil }
            return ExplanationEvaluation.Picture(file: file, path: path, label: String(parts[0]))
        }
        guard !found.isEmpty else {
            throw Failure(
                description: "'\(folder)' holds no labelled pictures; expected \(prefix)<label>/<picture>, with the labels of the model.")
        }
        return found
    }

    /// A misspelt path is told: its picture would be left out without a word, and the game be played on others.
    private func boxList(_ file: String, of pictures: [ExplanationEvaluation.Picture]) throws -> BoxList {
        let list = try BoxList(csv: text(of: file))
        let unknown = list.unknown(among: pictures.map(\.path))
        guard let first = unknown.first else { return list }
        let what = "\(unknown.count) of \(list.paths.count) paths in '\(file)' are of no picture in '\(folder)', the first '\(first)'"
        guard unknown.count < list.paths.count else {
            let example = pictures.first.map { ", as '\($0.path)'" } ?? ""
            throw Failure(description: "\(what); expected paths below that folder\(example).")
        }
        Output.note("\(what); their boxes are not used.")
        return list
    }

    private func text(of file: String) throws -> String {
        guard let text = try? String(contentsOf: URL(filePath: file), encoding: .utf8) else {
            throw Failure(description: "'\(file)' cannot be read as UTF-8 text.")
        }
        return text
    }
}
