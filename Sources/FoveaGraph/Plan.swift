/// How a graph is run: shapes, folded and packed weights, places in the arena. Immutable and shared by all workers.
public struct Plan: Sendable {
    public let graph: Graph

    public init(_ graph: Graph) {
        self.graph = graph
    }
}
