/// Finds the state dict in what a training script saved.
///
/// The value itself, if it is a dictionary of tensors; else what stands under the first of ``wrappers`` that holds tensors, looked at the same way.
/// What stands beside it (epoch, optimizer, arguments, objects of the script's own classes) is passed over.
struct StateDict {
    /// In order of preference. Averaged weights come first, as timm prefers them: they are what was evaluated.
    static let wrappers = [
        "state_dict_ema", "model_ema", "ema_state_dict", "params_ema", "ema", "state_dict", "model_state_dict", "model_state", "model",
        "net",
        "network", "params", "weights", "module",
    ]
    private static let maximumNesting = 4

    /// Names and the values that describe their tensors, in the file's order.
    let entries: [(name: String, value: PickleValue)]

    init(_ root: PickleValue, _ reader: TorchTensorReader) throws(CheckpointError) {
        var value = root
        var path = "it"
        var barren: [Int: Int] = [:]
        for level in 1...Self.maximumNesting {
            let members = try Self.members(value, path, reader)
            let wrapped = Self.wrapped(members, reader)
            // Settings may stand under such a name, beside the weights: {'params': {'lr': 0.1}}. Where there is nothing else, they are told of.
            var inner = wrapped.first {
                Self.holdsTensors($0.value, levels: Self.maximumNesting - level, reader, barren: &barren)
            }
            if inner == nil, !members.contains(where: { reader.isTensor($0.value) }) { inner = wrapped.first }
            guard let inner else {
                entries = try Self.tensorsOnly(members, path, reader)
                return
            }
            value = inner.value
            path = "its entry \(quoted(inner.name))"
        }
        throw CheckpointError("\(quoted(reader.file.name)): its state dict is nested deeper than \(Self.maximumNesting) levels.")
    }

    /// The members that may hold the state dict, in order of preference.
    private static func wrapped(
        _ members: [(name: String, value: PickleValue)], _ reader: TorchTensorReader
    ) -> [(name: String, value: PickleValue)] {
        let candidates = members.filter { wrappers.contains($0.name) && isDictionary($0.value, reader) }
        return wrappers.compactMap { wrapper in candidates.first { $0.name == wrapper } }
    }

    /// Whether a dictionary holds a tensor with axes, or a wrapper in it does.
    ///
    /// - Parameters:
    ///   - levels: How many dictionaries in one another are looked at.
    ///   - barren: Those that hold none, and for how many levels that is known: however often a file holds one of them, it is looked through once for each.
    private static func holdsTensors(
        _ value: PickleValue, levels: Int, _ reader: TorchTensorReader, barren: inout [Int: Int]
    ) -> Bool {
        guard case .node(let index) = value, levels > barren[index, default: 0] else { return false }
        // One with keys that are not text is no state dict.
        let members = (try? Self.members(value, "", reader)) ?? []
        // Numbers that are saved as tensors are settings too: {'ema': {'decay': tensor(0.99)}}.
        let isWeights = members.contains { member in
            guard reader.isTensor(member.value) else { return false }
            guard let tensor = try? reader.tensor(member.value, named: member.name) else { return true }
            return !tensor.shape.isEmpty
        }
        if isWeights { return true }
        for member in wrapped(members, reader) {
            if holdsTensors(member.value, levels: levels - 1, reader, barren: &barren) { return true }
        }
        barren[index] = levels
        return false
    }

    private static func isDictionary(_ value: PickleValue, _ reader: TorchTensorReader) -> Bool {
        guard case .node(let index) = value, case .dictionary = reader.nodes[index].kind else { return false }
        return !reader.nodes[index].items.isEmpty
    }

    /// A dictionary's members; a later equal key replaces an earlier one, as in Python.
    private static func members(
        _ value: PickleValue, _ path: String, _ reader: TorchTensorReader
    ) throws(CheckpointError) -> [(name: String, value: PickleValue)] {
        let file = quoted(reader.file.name)
        let advice = "Save the weights alone: torch.save(model.state_dict(), path)."
        guard case .node(let index) = value, case .dictionary = reader.nodes[index].kind else {
            if let stranger = reader.stranger(value) ?? reader.stranger { throw TorchGlobals.refusal(stranger, file: reader.file.name) }
            let what = reader.isTensor(value) ? "a single tensor" : "no dictionary"
            throw CheckpointError("\(file): \(path) is \(what), not a state dict of named tensors. \(advice)")
        }
        let items = reader.nodes[index].items
        var members: [(name: String, value: PickleValue)] = []
        var places: [String: Int] = [:]
        for place in stride(from: 0, to: items.count - 1, by: 2) {
            guard case .string(let name) = items[place] else {
                throw CheckpointError(
                    "\(file): \(path) has keys that are not text, or longer than \(PickleMachine.maximumText) bytes, so it is no state dict. "
                        + advice)
            }
            if let earlier = places[name] {
                members[earlier].value = items[place + 1]
            } else {
                places[name] = members.count
                members.append((name, items[place + 1]))
            }
        }
        return members
    }

    private static func tensorsOnly(
        _ members: [(name: String, value: PickleValue)], _ path: String, _ reader: TorchTensorReader
    ) throws(CheckpointError) -> [(name: String, value: PickleValue)] {
        let others = members.filter { !reader.isTensor($0.value) }
        if others.isEmpty, !members.isEmpty { return members }
        let strangers = others.lazy.compactMap { reader.stranger($0.value) }
        if let stranger = strangers.first ?? (others.count == members.count ? reader.stranger : nil) {
            throw TorchGlobals.refusal(stranger, file: reader.file.name)
        }
        let file = quoted(reader.file.name)
        let names = others.prefix(10).map { quoted($0.name) }.joined(separator: ", ")
        if others.count == members.count {
            throw CheckpointError(
                "\(file): \(path) holds no tensors" + (members.isEmpty ? "." : " but \(names).")
                    + " A state dict is looked for under \(wrappers.joined(separator: ", ")); save it as one of these or alone.")
        }
        throw CheckpointError(
            "\(file): \(path) mixes tensors with entries that are none (\(names)), and no entry is a state dict. "
                + "Save the weights alone: torch.save(model.state_dict(), path).")
    }
}
