/// A Python value as a pickle describes it. Containers are numbers of ``PickleNode``s that the machine owns: sharing one costs nothing, a
/// cycle is harmless, and letting go of a deep nest does not recurse.
enum PickleValue: Hashable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    /// A name out of a module, `collections.OrderedDict`; nothing is looked up.
    case global(String)
    case node(Int)
    /// Something that no weights are made of: bytes, long texts, whole numbers beyond 64 bits.
    case opaque
}

/// A container, or a call that the pickle asks for and nobody makes.
struct PickleNode {
    enum Kind {
        case list, tuple, set
        /// Keys and values in turn.
        case dictionary
        /// The function or class, or the call that finds it, then the tuple of arguments.
        case call
        /// What the persistent id of PyTorch's storages holds: one value, the tuple.
        case persistent
    }

    var kind: Kind
    var items: [PickleValue]
}
