import FoveaCompute

/// A stored tensor: a weight, a bias or a running statistic, row-major as PyTorch keeps it.
public struct Parameter: Sendable {
    /// Its state-dict name, for messages; a layer counts a name once.
    public let name: String
    /// Outermost first.
    public let shape: Shape
    /// As many as the shape says; a builder refuses it otherwise.
    public let values: [Float]

    /// Takes the values as they are; they are checked where the parameter is used.
    public init(name: String, shape: Shape, values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}
