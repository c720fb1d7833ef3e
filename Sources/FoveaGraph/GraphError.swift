/// Why a graph cannot be built or run; the text names the layer and the shapes.
public struct GraphError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The module's path, where the fault belongs to one.
    public let layer: String?
    public let message: String

    public init(layer: String? = nil, _ message: String) {
        self.layer = layer
        self.message = message
    }

    public var description: String {
        if let layer { "\(layer): \(message)" } else { message }
    }
}
