/// Reads the header of a safetensors file and holds it against the format's rules, all of them, before any tensor is handed out.
///
/// Source: the format's README and `SafeTensors::read_metadata` and `Metadata::validate` in its reference, `safetensors/src/tensor.rs`.
/// Stricter than that in one point that the README demands: equal keys are refused.
struct SafetensorsFile {
    /// `MAX_HEADER_SIZE` of the reference.
    static let maximumHeader = 100_000_000
    static let maximumTensors = 50_000
    static let maximumRank = 64

    /// The tensors in the header's order.
    let tensors: [CheckpointTensor]
    let metadata: [String: String]

    private struct Entry {
        var name: String
        var type: ScalarType
        var shape: [Int]
        var begin: Int
        var end: Int
        var count = 0
    }

    init(_ file: CheckpointFile) throws(CheckpointError) {
        let length = try Self.headerLength(file)
        var reader = JSONReader(file, 8..<(8 + length))
        var entries: [Entry] = []
        var names: Set<String> = []
        var metadata: [String: String]?
        try reader.beginObject("the header")
        while let name = try reader.nextKey() {
            if name == "__metadata__" {
                guard metadata == nil else { throw reader.fault("the key '__metadata__' stands there twice") }
                metadata = try Self.readMetadata(&reader)
            } else {
                guard names.insert(name).inserted else { throw reader.fault("the key \(quoted(name)) stands there twice") }
                guard names.count <= Self.maximumTensors else { throw reader.fault("it lists more than \(Self.maximumTensors) tensors") }
                entries.append(try Self.readEntry(name, &reader))
            }
        }
        try reader.finish()
        try Self.validate(&entries, file, dataStart: 8 + length)
        tensors = entries.map { entry in
            CheckpointTensor(
                name: entry.name, shape: entry.shape, scalarType: entry.type, count: entry.count, file: file,
                offset: 8 + length + entry.begin)
        }
        self.metadata = metadata ?? [:]
    }

    private static func headerLength(_ file: CheckpointFile) throws(CheckpointError) -> Int {
        let kind = try FileKind(of: file)
        if kind != .safetensors, let explanation = kind.explanation {
            throw CheckpointError("\(quoted(file.name)) is \(explanation)")
        }
        guard file.size >= 8 else {
            throw CheckpointError(
                "\(quoted(file.name)) has \(file.size) bytes, too few for the 8-byte header length that a safetensors file starts with. "
                    + "Download it again.")
        }
        let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(maximumHeader) else {
            throw CheckpointError(
                "\(quoted(file.name)) starts with a header length of \(length) bytes; safetensors allows \(maximumHeader). "
                    + "It is not a safetensors file, or it is damaged. Download it again.")
        }
        guard Int(length) <= file.size - 8 else {
            throw CheckpointError(
                "\(quoted(file.name)) promises a header of \(length) bytes but has only \(file.size - 8) bytes after its length: it was cut short. "
                    + "Download it again.")
        }
        guard length > 0, try file.bytes(at: 8, count: 1) == [UInt8(ascii: "{")] else {
            throw CheckpointError(
                "\(quoted(file.name)): its header does not start with '{', as safetensors demands. It is damaged or of another format.")
        }
        return Int(length)
    }

    private static func readMetadata(_ reader: inout JSONReader) throws(CheckpointError) -> [String: String] {
        var metadata: [String: String] = [:]
        try reader.beginObject("'__metadata__'")
        while let key = try reader.nextKey() {
            let value = try reader.readString("'__metadata__' holds nothing but strings")
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw reader.fault("the key \(quoted(key)) stands twice in '__metadata__'")
            }
        }
        return metadata
    }

    private static func readEntry(_ name: String, _ reader: inout JSONReader) throws(CheckpointError) -> Entry {
        var type: ScalarType?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.beginObject("tensor \(quoted(name))")
        while let field = try reader.nextKey() {
            switch field {
            case "dtype" where type == nil:
                let text = try reader.readString("the dtype of tensor \(quoted(name))")
                guard let known = ScalarType(rawValue: text) else {
                    throw reader.fault("tensor \(quoted(name)) has the dtype \(quoted(text)), which safetensors does not have")
                }
                type = known
            case "shape" where shape == nil:
                shape = try readCounts(&reader, limit: maximumRank, "the shape of tensor \(quoted(name))")
            case "data_offsets" where offsets == nil:
                offsets = try readCounts(&reader, limit: 2, "the data_offsets of tensor \(quoted(name))")
            case "dtype", "shape", "data_offsets":
                throw reader.fault("the key \(quoted(field)) stands twice in tensor \(quoted(name))")
            default:
                // The reference passes over fields it does not know.
                try reader.skipValue()
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw reader.fault("tensor \(quoted(name)) needs a dtype, a shape and two data_offsets")
        }
        return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func readCounts(_ reader: inout JSONReader, limit: Int, _ what: @autoclosure () -> String) throws(CheckpointError)
        -> [Int]
    {
        var counts: [Int] = []
        try reader.beginArray(what())
        while try reader.nextElement() {
            guard counts.count < limit else { throw reader.fault("more than \(limit) numbers in \(what())") }
            counts.append(try reader.readCount(what()))
        }
        return counts
    }

    /// The tensors must lie one behind the other, without gap or overlap, each as long as its shape says, up to the end of the file.
    private static func validate(_ entries: inout [Entry], _ file: CheckpointFile, dataStart: Int) throws(CheckpointError) {
        let order = entries.indices.sorted { (entries[$0].begin, entries[$0].end) < (entries[$1].begin, entries[$1].end) }
        var end = 0
        var previous: String?
        for index in order {
            let entry = entries[index]
            func refusal(_ what: String) -> CheckpointError {
                CheckpointError("\(quoted(file.name)): tensor \(quoted(entry.name)) \(what). The file is damaged or was made to mislead.")
            }
            guard entry.begin <= entry.end else {
                throw refusal("has data_offsets [\(entry.begin), \(entry.end)], which end before they begin")
            }
            guard entry.begin >= end else {
                throw refusal("overlaps tensor \(quoted(previous ?? "")): it begins at \(entry.begin), the other ends at \(end)")
            }
            guard entry.begin == end else {
                throw refusal("begins at \(entry.begin) and leaves a hole: the data before it ends at \(end)")
            }
            guard let count = entry.shape.elementCount else { throw refusal("has the shape \(entry.shape), whose product overflows") }
            let (bits, overflow) = count.multipliedReportingOverflow(by: entry.type.bitWidth)
            guard !overflow else { throw refusal("has the shape \(entry.shape), whose size in bits overflows") }
            guard bits % 8 == 0 else { throw refusal("has the shape \(entry.shape), which as \(entry.type) does not fill whole bytes") }
            guard bits / 8 == entry.end - entry.begin else {
                throw refusal(
                    "has the shape \(entry.shape) as \(entry.type), \(bits / 8) bytes, but its data_offsets give it \(entry.end - entry.begin)"
                )
            }
            entries[index].count = count
            end = entry.end
            previous = entry.name
        }
        let stored = file.size - dataStart
        if end > stored {
            throw CheckpointError(
                "\(quoted(file.name)) ends \(end - stored) bytes early: its header tells of \(end) bytes of tensors, \(stored) are there. "
                    + "It was cut short; download it again.")
        }
        guard end == stored else {
            throw CheckpointError(
                "\(quoted(file.name)) has \(stored - end) bytes behind its last tensor that its header does not tell of. "
                    + "It is damaged; download it again.")
        }
    }
}
