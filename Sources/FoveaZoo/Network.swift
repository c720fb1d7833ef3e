import FoveaGraph
import Foundation

/// A model directory read: its configuration and its graph with all weights in place.
public struct Network: Sendable {
    public let configuration: ModelConfiguration
    public let graph: Graph
    /// Parameters as PyTorch counts them (buffers, such as running statistics, are not parameters).
    public let parameters: Int

    /// Reads `config.json` and the weights of one version's directory.
    public init(directory: URL) throws(ModelError) {
        fatalError("skeleton")
    }
}

/// Why a model was refused; the text is for the user, and names no path outside the model's directory.
public struct ModelError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
