import ArgumentParser
import FoveaServing
import FoveaZoo

/// `fovea inspect`.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a model's graph: each layer's operation, output shape, parameters, multiply-adds and attention.")

    @Argument(help: "A name under --models, or the path of a model directory.")
    var model: String

    @OptionGroup var options: ModelOptions

    @Flag(help: "Print the body of GET /models/{name}, with the layers and the totals.")
    var json = false

    func run() throws {
        let (store, name) = try options.load(model)
        guard let description = try store.status(name).description else {
            throw Failure(description: "The model '\(model)' was not loaded.")
        }
        if json { return try Output.write(ModelJSON.detail(try store.status(name)) + [UInt8(ascii: "\n")]) }
        var table = TextTable(["LAYER", "OPERATION", "OUTPUT", "PARAMETERS", "MULTIPLY-ADDS", "ATTENTION"])
        for layer in description.layers {
            table.add([
                layer.name, layer.operation, layer.outputShape.map(String.init).joined(separator: "×"), "\(layer.parameters)",
                "\(layer.multiplyAdds)", layer.attentionKinds.map(\.rawValue).joined(separator: ", "),
            ])
        }
        table.add([
            "total", "\(description.layers.count) layers", "\(description.numClasses)", "\(description.parameters)",
            "\(description.multiplyAdds)", "",
        ])
        try Output.write(table.text())
    }
}
