/// Why a graph cannot be built or run; the text names the layer and the shapes.
public struct GraphError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The module's path, where the fault belongs to one.
    public let layer: String?
    /// What is wrong.
    public let message: String

    /// A fault of the module `layer`, or of the graph as a whole.
    public init(layer: String? = nil, _ message: String) {
        self.layer = layer
        self.message = message
    }

    /// The layer and what is wrong with it, for the user.
    public var description: String {
        if let layer { "\(layer): \(message)" } else { message }
    }
}
