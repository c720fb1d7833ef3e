import ArgumentParser
import FoundationEssentials
import FoveaCompute
import FoveaServing
import FoveaSystem
import FoveaZoo
import Logging

/// Which models the offline commands read, and how they hold them.
struct StoreOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A folder with model directories; repeatable. (default: \(Defaults.folder))", valueName: "dir"))
    var models: [String] = []

    @Option(
        help: """
            How weights are stored: f32, i16 or bf16; the last two halve the bytes that a pass reads. \
            (default: \(Defaults.server.precision.rawValue))
            """)
    var precision: String?

    /// The folders to use.
    func folders(environment: Environment = Environment()) -> [URL] { environment.folders(models) }

    /// How weights are stored.
    func weightPrecision(environment: Environment = Environment()) throws -> Precision { try environment.precision(precision) }

    /// A store with only `model` in it, loaded: a name under the folders, or the path of a model directory.
    ///
    /// - Parameters:
    ///   - model: nil is the first by name.
    ///   - threads: the most that passes may use.
    /// - Returns: the store, and the model's name in it.
    /// - Throws: why it was refused, or which models there are.
    func load(_ model: String?, threads: Int) throws -> (store: ModelStore, name: String) {
        var (folders, name) = (folders(), model)
        if let model, Self.isModelDirectory(model) {
            let directory = URL(filePath: model).standardizedFileURL
            folders = [directory.deletingLastPathComponent()]
            name = directory.lastPathComponent
        } else if let model, model.contains("/") {
            // No name has a slash.
            throw Self.fault(ofPath: model) ?? Failure(description: "There is no '\(model)'; name a model, or the directory of one.")
        }
        let store = ModelStore(
            folders: folders, maxPixels: Defaults.server.maxPixels, precision: try weightPrecision(), threads: threads, logger: Self.silent)
        do {
            try store.scan()
            let chosen = name ?? store.listing().first?.name
            store.load(only: chosen)
            guard let chosen else { throw Failure(description: "The models folders hold no model; name another folder with --models.") }
            if let model, !store.listing().contains(where: { $0.name == chosen }), let fault = Self.fault(ofPath: model) { throw fault }
            let status = try store.status(chosen)
            if status.state == .refused { throw Failure(description: "The model '\(chosen)' was refused: \(status.reason ?? "")") }
            return (store, chosen)
        } catch let error as ClassificationError {
            throw Failure(description: error.detail)
        } catch let error as ModelError {
            throw model.flatMap(Self.fault(ofPath:)) ?? Failure(description: error.description)
        }
    }

    /// The commands print results and reasons themselves.
    static let silent = Logger(label: "fovea") { _ in SwiftLogNoOpLogHandler() }

    /// Whether a text that names a model is the path of one: of a directory that has a configuration, or versions that have.
    private static func isModelDirectory(_ text: String) -> Bool {
        let directory = URL(filePath: text)
        func hasConfiguration(_ url: URL) -> Bool {
            FileManager.default.fileExists(atPath: url.appending(path: "config.json").path(percentEncoded: false))
        }
        let children = (try? FileManager.default.contentsOfDirectory(atPath: text)) ?? []
        return hasConfiguration(directory) || children.contains { Int($0) != nil && hasConfiguration(directory.appending(path: $0)) }
    }

    /// Why a text that names no model is the path of none, where there is something at that path.
    private static func fault(ofPath path: String) -> Failure? {
        guard let status = FileStatus(path) else { return nil }
        guard status.isDirectory else {
            return Failure(description: "'\(path)' is no directory; name the one that holds a model's config.json.")
        }
        return Failure(
            description:
                "'\(path)' has no config.json, which says what network its weights belong to; fovea convert writes a directory with one.")
    }
}
