/// What training wraps around a network's names: a prefix that all of them share, `module.` (DataParallel), `_orig_mod.` (torch.compile), or the
/// name that a Lightning module has for its network.
enum NamePrefix {
    private static let prefixes = ["module.", "_orig_mod.", "model.", "net.", "network."]
    /// One wrapper in another and their averages need three; the bound keeps a name of nothing but prefixes from costing its length squared.
    private static let maximumNesting = 4
    /// The counter of torch.optim.swa_utils.AveragedModel, beside its `module`.
    private static let counter = "n_averaged"

    /// The tensors under the network's own names.
    static func strip(_ tensors: [CheckpointTensor]) -> [CheckpointTensor] {
        var tensors = tensors
        for _ in 0..<maximumNesting {
            guard let prefix = prefixes.first(where: { isShared($0, by: tensors) }) else { break }
            tensors = tensors.filter { $0.name != counter }.map { $0.renamed(String($0.name.dropFirst(prefix.count))) }
        }
        return tensors
    }

    private static func isShared(_ prefix: String, by tensors: [CheckpointTensor]) -> Bool {
        tensors.contains { $0.name.hasPrefix(prefix) } && tensors.allSatisfy { $0.name.hasPrefix(prefix) || $0.name == counter }
    }
}
