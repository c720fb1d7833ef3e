/// Turns the calls that rebuild tensors, as the pickle describes them, into places in the file.
///
/// Source: `torch/_utils.py` (`_rebuild_tensor_v2`, `_rebuild_tensor_v3`, `_rebuild_parameter`) and the persistent ids of `torch/serialization.py`.
struct TorchTensorReader {
    let file: CheckpointFile
    let nodes: [PickleNode]
    /// By the storage's key: the entries `<prefix>/data/<key>`.
    let storages: [String: ZipArchive.Entry]
    let isBigEndian: Bool

    /// The first name in the pickle that is neither of tensors nor of plain data.
    let stranger: String?

    private static let maximumWrapping = 8

    private struct Storage {
        let entry: ZipArchive.Entry
        /// Nil where the storage has no type of its own and the tensor names one.
        let type: ScalarType?
    }

    /// Whether the value is a call that makes some kind of tensor, readable or not.
    func isTensor(_ value: PickleValue) -> Bool {
        guard let (name, _) = call(value) else { return false }
        return name.hasPrefix("torch._utils._rebuild_") || name == "torch._tensor._rebuild_from_type_v2"
            || name == "torch.nn.parameter.Parameter"
            || name == "torch.nn.parameter.Buffer"
    }

    /// The tensor that a call rebuilds, named for messages and for the state dict.
    func tensor(_ value: PickleValue, named name: String) throws(CheckpointError) -> CheckpointTensor {
        func refusal(_ what: String) -> CheckpointError {
            CheckpointError("\(quoted(file.name)): tensor \(quoted(name)) \(what).")
        }
        var value = value
        for _ in 0..<Self.maximumWrapping {
            guard let (function, arguments) = call(value) else { throw refusal("is described by something that is no tensor") }
            switch function {
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter",
                "torch.nn.parameter.Buffer":
                guard let inner = arguments.first else { throw refusal("is a parameter without a tensor") }
                value = inner
            case "torch._tensor._rebuild_from_type_v2":
                // (function, type, its arguments, attributes): a tensor that carries Python attributes.
                guard arguments.count == 4, case .global(let inner) = arguments[0], case .global(let type) = arguments[1],
                    ["torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer"].contains(type),
                    case .node(let tuple) = arguments[2]
                else { throw refusal("is of a tensor class that is not read; save it as a plain tensor") }
                return try plain(inner, nodes[tuple].items, name, refusal)
            default: return try plain(function, arguments, name, refusal)
            }
        }
        throw refusal("is wrapped more than \(Self.maximumWrapping) times")
    }

    /// The class or function of a training script that the value is, or is made by.
    func stranger(_ value: PickleValue) -> String? {
        var value = value
        // A call of what a call gave, of what a call gave: as deep as anyone nests classes.
        for _ in 0..<Self.maximumWrapping {
            switch value {
            case .global(let name): return TorchGlobals.isKnown(name) ? nil : name
            case .node(let index):
                guard case .call = nodes[index].kind, let callable = nodes[index].items.first else { return nil }
                value = callable
            default: return nil
            }
        }
        return nil
    }

    private func call(_ value: PickleValue) -> (String, [PickleValue])? {
        guard case .node(let index) = value, case .call = nodes[index].kind, nodes[index].items.count == 2,
            case .global(let name) = nodes[index].items[0], case .node(let tuple) = nodes[index].items[1]
        else { return nil }
        return (name, nodes[tuple].items)
    }

    private func plain(
        _ function: String, _ arguments: [PickleValue], _ name: String, _ refusal: (String) -> CheckpointError
    ) throws(CheckpointError) -> CheckpointTensor {
        let hasType = function == "torch._utils._rebuild_tensor_v3"
        guard hasType || function == "torch._utils._rebuild_tensor_v2" || function == "torch._utils._rebuild_tensor" else {
            let kind = function.split(separator: ".").last.map(String.init) ?? function
            throw refusal(
                "is not a plain dense tensor (it is rebuilt by \(quoted(kind))); make it one with .to_dense(), .dequantize() or .cpu() and save again"
            )
        }
        guard arguments.count >= (hasType ? 7 : 4), case .int(let offset) = arguments[1], let shape = counts(arguments[2]),
            let strides = counts(arguments[3]), offset >= 0, shape.count == strides.count, shape.count <= SafetensorsFile.maximumRank
        else { throw refusal("has a malformed shape, stride or offset") }
        let storage = try storage(arguments[0], refusal)
        var type = storage.type
        if hasType, case .global(let global) = arguments[6] {
            guard let known = TorchTypes.type(global: global) else { throw refusal("has the type \(quoted(global)), which is not read") }
            type = known
        }
        guard let type else { throw refusal("has a storage without a type") }
        let isNegated = try isNegated(arguments.dropFirst(hasType ? 7 : 6).first, refusal)
        guard !isNegated || [.float16, .bfloat16, .float32, .float64].contains(type) else {
            throw refusal("holds whole numbers to be read with the other sign; make it plain with .resolve_neg() and save again")
        }
        let width = type.bitWidth / 8
        let available = storage.entry.size / width
        guard let count = shape.elementCount, count <= available else {
            throw refusal(
                "of shape \(shape) has more elements than the \(available) of its storage: it is an expanded view, or was made to mislead. "
                    + "Save it after .contiguous()")
        }
        if count > 0 {
            guard let last = lastElement(offset, shape, strides), last < available else {
                throw refusal(
                    "of shape \(shape), strides \(strides) and offset \(offset) reaches beyond the \(available) elements of its storage")
            }
        }
        // An offset beyond the end is harmless where there are no elements to read.
        let start = count > 0 ? storage.entry.offset + offset * width : storage.entry.offset
        // The stride of an axis of one element says nothing and may be any number: it must not be stepped by.
        let steps = zip(shape, strides).map { length, stride in length == 1 ? 0 : stride }
        return CheckpointTensor(
            name: name, shape: shape, scalarType: type, count: count, file: file, offset: start,
            strides: isContiguous(shape, strides) ? nil : steps, isBigEndian: isBigEndian, isNegated: isNegated)
    }

    /// What the last argument says of the values: a dictionary of the bits that were set on a lazy view, `neg` and `conj`.
    ///
    /// Source: `torch::jit::setTensorMetadata`, `torch/csrc/jit/serialization/pickler.h`; other keys are those of devices of their own.
    private func isNegated(_ metadata: PickleValue?, _ refusal: (String) -> CheckpointError) throws(CheckpointError) -> Bool {
        guard let metadata, metadata != PickleValue.none else { return false }
        guard case .node(let index) = metadata, case .dictionary = nodes[index].kind else {
            throw refusal("has metadata that is no dictionary; make it plain with .clone() and save again")
        }
        let items = nodes[index].items
        // All tensors may share one dictionary, which is walked for each.
        guard items.count <= 2 * 2 else {
            throw refusal("has more metadata than 'neg' and 'conj'; make it plain with .clone() and save again")
        }
        var isNegated = false
        for place in stride(from: 0, to: items.count - 1, by: 2) {
            switch (items[place], items[place + 1]) {
            case (.string("neg"), .bool(let isSet)): isNegated = isSet
            case (.string("conj"), .bool(false)): break
            case (.string("conj"), .bool(true)):
                throw refusal("is a conjugate of complex numbers, which are not read; save real and imaginary parts after .resolve_conj()")
            case (.string(let key), _):
                throw refusal("has metadata that is not understood (\(quoted(key))); make it plain with .clone() and save again")
            default: throw refusal("has metadata whose keys are not text; make it plain with .clone() and save again")
            }
        }
        return isNegated
    }

    /// The persistent id `('storage', class, key, device, number of elements)`; of an untyped storage the last is in bytes.
    private func storage(_ value: PickleValue, _ refusal: (String) -> CheckpointError) throws(CheckpointError) -> Storage {
        guard case .node(let index) = value, case .persistent = nodes[index].kind, case .node(let tuple)? = nodes[index].items.first,
            case let items = nodes[tuple].items, items.count == 5, items[0] == .string("storage"), case .global(let kind) = items[1],
            case .string(let key) = items[2], case .int(let count) = items[4], count >= 0
        else { throw refusal("has a malformed storage") }
        guard let entry = storages[key] else { throw refusal("lies in the storage \(quoted(key)), which the archive does not hold") }
        let type = TorchTypes.storageType(global: kind)
        guard type != nil || TorchTypes.isUntyped(global: kind) else {
            throw refusal("has a storage of the type \(quoted(kind)), which is not read. Convert it to float32 and save again")
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: (type?.bitWidth ?? 8) / 8)
        guard !overflow, size == entry.size else {
            throw refusal("lies in the storage \(quoted(key)), which should have \(count) elements but has \(entry.size) bytes")
        }
        return Storage(entry: entry, type: type)
    }

    /// A tuple (or `torch.Size`) of whole numbers that are not negative.
    private func counts(_ value: PickleValue) -> [Int]? {
        guard case .node(let index) = value else { return nil }
        if let (name, arguments) = call(value) {
            guard name == "torch.Size", let inner = arguments.first, call(inner) == nil else { return nil }
            return counts(inner)
        }
        guard [.tuple, .list].contains(nodes[index].kind) else { return nil }
        var counts: [Int] = []
        for item in nodes[index].items {
            guard case .int(let count) = item, count >= 0 else { return nil }
            counts.append(count)
        }
        return counts
    }

    private func lastElement(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> Int? {
        var last = offset
        for (length, stride) in zip(shape, strides) {
            let (reach, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(reach)
            if overflow || carry { return nil }
            last = sum
        }
        return last
    }

    private func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
        if shape.contains(0) { return true }
        var expected = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            if stride != expected { return false }
            expected *= length
        }
        return true
    }
}
