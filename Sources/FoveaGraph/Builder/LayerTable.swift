import FoveaCompute

/// The rows of `fovea inspect`, while the graph is built.
struct LayerTable: Sendable {
    private struct Row {
        var operation: String
        var outputShape: Shape
        var parameters = 0
        /// Names of the parameters that were counted.
        var counted: Set<String> = []
        var multiplyAdds = 0
        var kinds: [AttentionKind] = []
    }

    private var names: [String] = []
    private var rows: [String: Row] = [:]

    /// Adds to a module's row, making it where there is none. Multiply-adds add up where a module is used twice, parameters do not.
    mutating func add(_ layer: String, _ operation: String, _ shape: Shape, parameters: [Parameter?] = [], multiplyAdds: Int = 0) {
        if rows[layer] == nil { insert(layer) }
        var row = rows[layer] ?? Row(operation: operation, outputShape: shape)
        row.outputShape = shape
        for case let parameter? in parameters where row.counted.insert(parameter.name).inserted {
            row.parameters += parameter.values.count
        }
        row.multiplyAdds += multiplyAdds
        rows[layer] = row
    }

    /// Gives a module that is made of others its own row, before theirs, or names the row that it has.
    mutating func name(_ layer: String, _ operation: String, _ shape: Shape) {
        if rows[layer] == nil {
            insert(layer)
            rows[layer] = Row(operation: operation, outputShape: shape)
        }
        rows[layer]?.operation = operation
        rows[layer]?.outputShape = shape
    }

    mutating func tap(_ layer: String, _ kind: AttentionKind, _ shape: Shape) {
        if rows[layer] == nil { name(layer, "Attention", shape) }
        if rows[layer]?.kinds.contains(kind) == false { rows[layer]?.kinds.append(kind) }
    }

    /// Before the module's children, where they came first.
    private mutating func insert(_ layer: String) {
        names.insert(layer, at: names.firstIndex { $0.hasPrefix(layer + ".") } ?? names.count)
    }

    func finished() -> [Graph.Layer] {
        names.compactMap { name in
            rows[name].map {
                Graph.Layer(
                    name: name, operation: $0.operation, outputShape: $0.outputShape, parameters: $0.parameters,
                    multiplyAdds: $0.multiplyAdds, attentionKinds: $0.kinds)
            }
        }
    }
}
