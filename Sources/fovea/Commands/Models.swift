import ArgumentParser
import FoundationEssentials
import FoveaServing
import FoveaZoo

/// `fovea models`.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the models of a folder, and why one would be refused.")

    @OptionGroup var options: ModelOptions

    @Flag(help: "Print the body of GET /models.")
    var json = false

    func run() throws {
        let store = ModelStore(
            folders: options.store.folders(), maxPixels: Defaults.server.maxPixels, precision: try options.store.weightPrecision(),
            threads: try options.threadCount(), logger: StoreOptions.silent)
        do {
            try store.scan()
        } catch {
            throw Failure(description: error.description)
        }
        store.load()
        let models = store.listing()
        if json { return try Output.write(ModelJSON.listing(models) + [UInt8(ascii: "\n")]) }
        try Output.write(Self.table(models).text())
    }

    private static func table(_ models: [ModelStatus]) -> TextTable {
        var table = TextTable(["MODEL", "VERSION", "STATE", "ARCHITECTURE", "INPUT", "CLASSES", "PARAMETERS", "ATTENTION"])
        for model in models {
            guard let description = model.description else {
                table.add([model.name, model.version, model.state.rawValue, "-", "-", "-", "-", "-"])
                if let reason = model.reason { table.addNote(reason) }
                continue
            }
            table.add([
                model.name + (model.isDefault ? " (default)" : ""), model.version, model.state.rawValue, description.architecture,
                description.inputSize.map(String.init).joined(separator: "×"), "\(description.numClasses)", "\(description.parameters)",
                "\(description.attentionLayers.count) layers",
            ])
        }
        return table
    }
}
