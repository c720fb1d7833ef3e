import FoveaCheckpoints
import FoveaGraph

/// A checkpoint's tensors below one module: `weights["layer1.0"]["conv1"].parameter("weight", shape: …)`.
///
/// Scopes of one checkpoint share a ``WeightLedger``, which collects every fault, so that a refusal names them all.
struct Weights {
    /// The module's path in the PyTorch model, empty at the root.
    let path: String
    private let ledger: WeightLedger

    init(_ ledger: WeightLedger, path: String = "") {
        self.ledger = ledger
        self.path = path
    }

    /// The scope of a submodule; `name` may be a path itself.
    subscript(_ name: String) -> Weights {
        Weights(ledger, path: full(name))
    }

    /// The scope of a `torch.nn.Sequential`'s or `ModuleList`'s element.
    subscript(_ index: Int) -> Weights {
        self[String(index)]
    }

    /// The tensor of this name, which must have this shape.
    ///
    /// Where it is missing or has another shape, that is recorded, and zeros stand in for it, so that the rest can be checked too.
    /// - Throws: The report so far, where the stand-ins would take too much memory.
    func parameter(_ name: String, shape: [Int]) throws(ModelError) -> Parameter {
        Parameter(name: full(name), shape: shape, values: try ledger.values(full(name), shape: shape))
    }

    /// Whether the checkpoint has such a tensor: some modules come in two spellings.
    func has(_ name: String) -> Bool {
        ledger.has(full(name))
    }

    private func full(_ name: String) -> String {
        path.isEmpty ? name : path + "." + name
    }
}
