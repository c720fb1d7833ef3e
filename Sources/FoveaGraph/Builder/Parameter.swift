import FoveaCompute

/// A stored tensor: a weight, a bias or a running statistic, row-major as PyTorch keeps it.
public struct Parameter: Sendable {
    /// Its state-dict name, for messages.
    public let name: String
    public let shape: Shape
    public let values: [Float]

    public init(name: String, shape: Shape, values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}
