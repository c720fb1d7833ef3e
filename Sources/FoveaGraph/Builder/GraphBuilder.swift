import FoveaCompute

/// Builds a graph operation by operation; shapes are inferred, so a tensor that does not fit is refused here, by name.
///
/// Shapes are of one picture, without the batch axis. `layer` is the module's path in the PyTorch model; a `layer` of nil
/// leaves the operation out of the table that `fovea inspect` prints.
public struct GraphBuilder: Sendable {
    /// The picture.
    public let input: Value

    var nodes: [Node]
    var table = LayerTable()
    /// Modules by their outputs' nodes, for those that are told beside an operation's own layer.
    private var names: [(layer: String, node: Int)] = []
    /// Set where an operation was given a value that is not of this graph; `finish` then throws.
    private var misuse: GraphError?
    private var taps: [(tap: Graph.Tap, node: Int)] = []

    /// No value may have more elements than this (4 GiB of float32).
    static let elementLimit = 1 << 30

    /// - Parameter inputShape: [C, H, W] of one picture.
    public init(inputShape: Shape) throws(GraphError) {
        guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }), let count = inputShape.elementCount, count <= Self.elementLimit
        else {
            throw GraphError("the input's shape \(inputShape) is not [channels, height, width], each at least 1")
        }
        input = Value(shape: inputShape, node: 0)
        nodes = [Node(operation: .input, inputs: [], shape: inputShape, layer: nil)]
    }

    /// Names a module that is made of several operations, so that it has a row of its own in `Graph.layers`, before its children.
    ///
    /// Where `layer` already has a row (a convolution of a special class), that row is given the name.
    public mutating func module(_ layer: String, operation: String, output: Value) {
        table.name(layer, operation, output.shape)
        mark(output, layer: layer)
    }

    /// Says that a value is a module's output, which no operation's `layer` tells: a block's, or an activation's. It has no row in
    /// `Graph.layers`.
    public mutating func mark(_ output: Value, layer: String) {
        names.append((layer, output.node))
    }

    /// Offers `value` as an attention map of `layer`; it costs nothing in a pass that does not ask for it.
    ///
    /// - Parameter shape: As the map is handed out; it has as many elements as the value.
    public mutating func tap(_ value: Value, layer: String, kind: AttentionKind, shape: Shape) throws(GraphError) {
        guard shape.elementCount == value.shape.elementCount else {
            throw GraphError(layer: layer, "a map of shape \(shape) cannot be made of a value of shape \(value.shape)")
        }
        guard owns(value) else { throw GraphError(layer: layer, "hands out a value of another graph") }
        guard !taps.contains(where: { $0.tap.layer == layer && $0.tap.kind == kind }) else {
            throw GraphError(layer: layer, "has two maps of the kind \(kind.rawValue)")
        }
        taps.append((Graph.Tap(layer: layer, kind: kind, shape: shape), value.node))
        table.tap(layer, kind, value.shape)
    }

    /// Ends the graph.
    ///
    /// Mutating only so that the output may be built in the call itself: `finish(output: builder.flatten(x))`.
    /// - Parameter output: The logits, [classes].
    public mutating func finish(output: Value) throws(GraphError) -> Graph {
        guard output.shape.count == 1, output.shape[0] > 0 else {
            throw GraphError("the output is not a vector of logits but of shape \(output.shape)")
        }
        if let misuse { throw misuse }
        guard owns(output) else { throw GraphError("the output is a value of another graph") }
        return Graph(
            inputShape: input.shape, numClasses: output.shape[0], taps: taps.map(\.tap), layers: table.finished(), nodes: nodes,
            output: output.node, tapNodes: taps.map(\.node), names: maps())
    }

    /// The layers whose outputs are feature maps: what a module was said to give, or else the last operation that has its name.
    private func maps() -> [(layer: String, node: Int)] {
        var found: [String: Int] = [:]
        for (index, node) in nodes.enumerated() { if let layer = node.layer { found[layer] = index } }
        for (layer, node) in names where nodes.indices.contains(node) { found[layer] = node }
        return found.filter { nodes[$0.value].shape.count == 3 }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map {
            ($0.key, $0.value)
        }
    }

    // MARK: -

    mutating func append(_ operation: Operation, _ inputs: [Value], _ shape: Shape, layer: String? = nil) -> Value {
        if !inputs.allSatisfy(owns), misuse == nil { misuse = GraphError(layer: layer, "reads a value of another graph") }
        nodes.append(Node(operation: operation, inputs: inputs.map(\.node), shape: shape, layer: layer))
        return Value(shape: shape, node: nodes.count - 1)
    }

    // Kernels trust shapes, so a value whose node has another shape must never reach them.
    private func owns(_ value: Value) -> Bool {
        nodes.indices.contains(value.node) && nodes[value.node].shape == value.shape
    }

    /// Refuses shapes whose tensors could not be held.
    func checked(_ shape: Shape, layer: String?) throws(GraphError) -> Shape {
        guard let count = shape.elementCount, count > 0, count <= Self.elementLimit else {
            throw GraphError(layer: layer, "its output would have the shape \(shape), which is empty or too large")
        }
        return shape
    }

    func require(_ parameter: Parameter?, shape: Shape, layer: String) throws(GraphError) {
        guard let parameter else { return }
        guard parameter.shape == shape else {
            throw GraphError(layer: layer, "\(parameter.name) has the shape \(parameter.shape), but \(shape) is needed")
        }
        try requireWhole(parameter, layer: layer)
    }

    func requireWhole(_ parameter: Parameter, layer: String) throws(GraphError) {
        guard parameter.shape.elementCount == parameter.values.count, !parameter.values.isEmpty else {
            throw GraphError(layer: layer, "\(parameter.name) has the shape \(parameter.shape) but \(parameter.values.count) values")
        }
    }

    func requireMap(_ x: Value, layer: String?) throws(GraphError) -> Extent2D {
        guard x.shape.count == 3 else {
            throw GraphError(layer: layer, "needs a feature map [C, H, W], but its input has the shape \(x.shape)")
        }
        return Extent2D(x.shape[1], x.shape[2])
    }
}
