/// PyTorch's names for element types and for the storage classes of each.
enum TorchTypes {
    private static let types: [String: ScalarType] = [
        "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16, "int64": .int64, "int32": .int32,
        "int16": .int16,
        "int8": .int8, "uint8": .uint8, "bool": .bool, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64,
    ]

    private static let storages: [String: ScalarType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16, "LongStorage": .int64,
        "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    /// Types that PyTorch has and that are not read; a checkpoint may mention them beside its weights.
    private static let others: Set<String> = [
        "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
        "float4_e2m1fn_x2", "qint8", "quint8", "qint32", "quint4x2", "quint2x4", "double", "float", "half", "long", "int", "short",
        "cfloat",
        "cdouble", "strided", "sparse_coo", "sparse_csr", "per_tensor_affine", "per_channel_affine", "contiguous_format", "channels_last",
        "preserve_format",
    ]

    static func isType(_ name: String) -> Bool { types[name] != nil || others.contains(name) }

    /// The type of `torch.float16`; nil for one that is not read.
    static func type(global: String) -> ScalarType? {
        global.hasPrefix("torch.") ? types[String(global.dropFirst(6))] : nil
    }

    /// The element type of `torch.HalfStorage`; nil for one that is not read.
    static func storageType(global: String) -> ScalarType? {
        for prefix in ["torch.cuda.", "torch.storage.", "torch."] where global.hasPrefix(prefix) {
            return storages[String(global.dropFirst(prefix.count))]
        }
        return nil
    }

    static func isUntyped(global: String) -> Bool { global == "torch.storage.UntypedStorage" || global == "torch.UntypedStorage" }
}
