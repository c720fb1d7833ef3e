/// The names out of Python modules that a checkpoint may mention. None is ever called: these lists decide what a message says, not what is safe.
enum TorchGlobals {
    /// What tensors are made of; ``TorchTensorReader`` knows what to do with each.
    private static let tensors: Set<String> = [
        "collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch._utils._rebuild_sparse_tensor",
        "torch._utils._rebuild_qtensor", "torch._utils._rebuild_meta_tensor_no_storage", "torch._utils._rebuild_nested_tensor",
        "torch._utils._rebuild_device_tensor_from_numpy", "torch._utils._rebuild_device_tensor_from_cpu_tensor",
        "torch._utils._rebuild_wrapper_subclass", "torch._tensor._rebuild_from_type_v2", "torch.nn.parameter.Parameter",
        "torch.nn.parameter.Buffer", "torch.Tensor", "torch.Size", "torch.device", "torch.storage.UntypedStorage", "torch.UntypedStorage",
        "torch.storage.TypedStorage", "torch.storage._load_from_bytes", "torch.serialization._get_layout", "torch._C._get_layout",
        "torch.memory_format", "torch.layout", "torch.Generator",
    ]

    /// Plain data that training scripts put beside the weights.
    private static let companions: Set<String> = [
        "collections.Counter", "collections.defaultdict", "collections.deque", "_codecs.encode", "copyreg._reconstructor",
        "copy_reg._reconstructor", "argparse.Namespace", "types.SimpleNamespace", "pathlib.PosixPath", "pathlib.PurePosixPath",
        "pathlib.Path", "pathlib.WindowsPath", "pathlib._local.PosixPath", "datetime.datetime", "datetime.timedelta", "datetime.date",
        "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct", "numpy.dtype", "numpy.ndarray", "numpy.float64", "numpy.float32", "numpy.int64",
        "numpy.dtypes.Float64DType", "numpy.dtypes.Float32DType", "numpy.dtypes.Int64DType", "uuid.UUID", "decimal.Decimal",
        "fractions.Fraction", "torch.optim.optimizer._RequiredParameter", "torch.torch_version.TorchVersion", "torch.version.TorchVersion",
    ]

    private static let builtins: Set<String> = [
        "set", "frozenset", "bytearray", "bytes", "complex", "list", "dict", "tuple", "int", "float", "str", "bool", "object", "slice",
        "range",
        "unicode", "long",
    ]

    /// What pickles of bound methods, nested classes and callbacks hold, as training scripts save them, out of modules that are refused else.
    private static let harmless: Set<String> = [
        "builtins.getattr", "__builtin__.getattr", "builtins.type", "__builtin__.type", "functools.partial", "types.GenericAlias",
    ]

    /// Modules that have no place in a file of weights at all.
    private static let dangerous: Set<String> = [
        "os", "posix", "nt", "sys", "subprocess", "builtins", "__builtin__", "importlib", "runpy", "socket", "shutil", "webbrowser", "pty",
        "commands", "ctypes", "code", "codeop", "pickle", "_pickle", "marshal", "types", "operator", "functools", "http", "urllib",
        "requests",
        "multiprocessing", "asyncio", "threading", "platform", "tempfile", "signal", "timeit", "pdb", "bdb", "cProfile", "profile", "pip",
    ]

    /// Refuses a name that no honest checkpoint holds, wherever it stands.
    static func check(_ full: String, file: String) throws(CheckpointError) {
        let root = full.prefix { $0 != "." }
        if dangerous.contains(String(root)), !isKnown(full), !harmless.contains(full) {
            throw CheckpointError(
                "\(quoted(file)): its pickle wants to call \(quoted(full)), which has no place in a file of weights: it was made to run code where it "
                    + "is loaded. Nothing was run. Do not load it elsewhere.")
        }
    }

    /// Whether the name is one of tensors or of plain data. Others, classes of a training script, may stand beside a state dict but not in it.
    static func isKnown(_ full: String) -> Bool {
        if tensors.contains(full) || companions.contains(full) { return true }
        guard let dot = full.lastIndex(of: ".") else { return false }
        let (module, name) = (full[..<dot], full[full.index(after: dot)...])
        if module == "builtins" || module == "__builtin__" { return builtins.contains(String(name)) }
        // Storage classes and dtypes: torch.FloatStorage, torch.cuda.HalfStorage, torch.float16.
        if module == "torch" || module == "torch.cuda" || module == "torch.storage", name.hasSuffix("Storage") { return true }
        return module == "torch" && TorchTypes.isType(String(name))
    }

    /// Why a file is refused that holds this name where its weights should be.
    static func refusal(_ full: String, file: String) -> CheckpointError {
        if ["torch.nn.modules", "torch.nn.parallel", "torchvision.", "timm.", "__torch__"].contains(where: { full.hasPrefix($0) }) {
            return CheckpointError(
                "\(quoted(file)): its pickle holds a whole module (\(quoted(full))), whose code is not in the file. "
                    + "Save its weights instead: torch.save(model.state_dict(), path).")
        }
        return CheckpointError(
            "\(quoted(file)): its pickle names \(quoted(full)), which is no part of a state dict. Nothing was run. "
                + "If a whole module was pickled, or objects of a training script beside the weights, save the weights alone: "
                + "torch.save(model.state_dict(), path).")
    }
}
