import FoundationEssentials
import FoveaCheckpoints
import FoveaGraph

/// A model directory read: its configuration and its graph with all weights in place.
public struct Network: Sendable {
    /// What `config.json` says.
    public let configuration: ModelConfiguration
    /// What is computed.
    public let graph: Graph
    /// Parameters as PyTorch counts them (buffers, such as running statistics, are not parameters).
    public let parameters: Int

    /// Reads `config.json` and the weights of one version's directory.
    ///
    /// - Throws: Why the model is refused; the message names files without their directory.
    public init(directory: URL) throws(ModelError) {
        let configuration = try ModelConfiguration(file: directory.appending(component: "config.json"))
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(directory: directory)
        } catch {
            throw ModelError("\(error)")
        }
        try self.init(configuration: configuration, checkpoint: checkpoint)
    }

    /// Puts a checkpoint's tensors into the graph that a configuration describes.
    ///
    /// Loading is strict: every tensor that the architecture needs is there, with its exact shape, and none is left over.
    public init(configuration: ModelConfiguration, checkpoint: Checkpoint) throws(ModelError) {
        try self.init(configuration: configuration, ledger: WeightLedger(checkpoint))
    }

    init(configuration: ModelConfiguration, ledger: WeightLedger) throws(ModelError) {
        let build = try Registry.builder(of: configuration.architecture)
        do {
            var arguments = ArgumentReader(configuration.modelArguments, place: "model_args")
            let module = try build(&arguments, configuration)
            try arguments.refuseUnknown(for: configuration.architecture)
            var graph = try GraphBuilder(inputShape: configuration.preprocessing.inputSize)
            let logits = try module(graph.input, Weights(ledger), &graph)
            try ledger.finish()
            self.graph = try graph.finish(output: logits)
        } catch let error as ModelError {
            throw error
        } catch {
            // A shape that does not fit is a fault of the tensors first, where they have any.
            try ledger.refuseFaults()
            throw ModelError("\(configuration.architecture): \(error).")
        }
        self.configuration = configuration
        self.parameters = graph.layers.reduce(0) { $0 + $1.parameters }
    }
}
