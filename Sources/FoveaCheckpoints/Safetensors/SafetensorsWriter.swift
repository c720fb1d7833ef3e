import FoundationEssentials
import FoveaSystem
import Glibc

/// Writes a safetensors file, byte for byte as the format's reference writer does: tensors by descending alignment of their type, then by
/// name; the header padded with spaces to a multiple of eight bytes.
///
/// Source: `prepare` and `serialize_to_file` in the reference, `safetensors/src/tensor.rs`. The metadata's keys are sorted, so that equal
/// content gives equal files.
public struct SafetensorsWriter: Sendable {
    private struct Entry {
        let name: String
        let shape: [Int]
        let scalarType: ScalarType
        let count: Int
        let values: @Sendable () throws(CheckpointError) -> [Float]
    }

    private let metadata: [String: String]
    private var entries: [Entry] = []
    private var names: Set<String> = []

    /// - Parameter metadata: the header's `__metadata__`; left out where empty. PyTorch's own files say `["format": "pt"]`.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// Adds a tensor, whose values are asked for when it is its turn to be written, so that one tensor at a time is in memory.
    /// - Parameters:
    ///   - shape: lengths of the axes, outermost first; empty for a scalar.
    ///   - scalarType: `float32`, `float16` or `bfloat16`; values are rounded to the nearest, ties to even.
    ///   - values: as many as the shape's product, row-major.
    /// - Throws: if the type is another one, the name is taken or reserved, or the shape's product overflows.
    public mutating func add(
        _ name: String, shape: [Int], as scalarType: ScalarType = .float32,
        values: @escaping @Sendable () throws(CheckpointError) -> [Float]
    ) throws(CheckpointError) {
        guard [.float32, .float16, .bfloat16].contains(scalarType) else {
            throw CheckpointError("Tensor \(quoted(name)) cannot be written as \(scalarType): F32, F16 and BF16 are written.")
        }
        guard name != "__metadata__" else { throw CheckpointError("No tensor can be named '__metadata__': safetensors keeps that name.") }
        guard names.insert(name).inserted else { throw CheckpointError("Two tensors are named \(quoted(name)).") }
        guard let count = shape.elementCount, count <= Int.max / 64 else {
            throw CheckpointError("Tensor \(quoted(name)) cannot have the shape \(shape).")
        }
        entries.append(Entry(name: name, shape: shape, scalarType: scalarType, count: count, values: values))
    }

    /// Adds a tensor of values at hand; see ``add(_:shape:as:values:)-(_,_,_,()->_)``.
    public mutating func add(_ name: String, shape: [Int], as scalarType: ScalarType = .float32, values: [Float]) throws(CheckpointError) {
        try add(name, shape: shape, as: scalarType) { () throws(CheckpointError) in values }
    }

    /// Writes the file, under a temporary name beside `url` that takes its place when all is written.
    /// - Throws: if a tensor's values cannot be had or are not as many as its shape says, or the file cannot be written. What stood at
    ///   `url` before is then untouched.
    public func write(to url: URL) throws(CheckpointError) {
        let part = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(getpid()).part")
        guard let file = try? OutputFile(part.path, isNew: true) else {
            throw CheckpointError("\(quoted(url.lastPathComponent)) cannot be written: no file can be created in its folder.")
        }
        var isDone = false
        defer {
            if !isDone { unlink(part.path) }
        }
        let sorted = entries.sorted { left, right in
            let ranks = (Self.rank(left.scalarType), Self.rank(right.scalarType))
            return ranks.0 == ranks.1 ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : ranks.0 > ranks.1
        }
        try write(header(sorted), to: file, url)
        for entry in sorted {
            let values = try entry.values()
            guard values.count == entry.count else {
                throw CheckpointError("Tensor \(quoted(entry.name)) of shape \(entry.shape) was given \(values.count) values.")
            }
            try write(Self.encode(values, as: entry.scalarType), to: file, url)
        }
        do {
            try file.synchronize()
        } catch {
            throw failure(url, error)
        }
        guard rename(part.path, url.path) == 0 else {
            throw CheckpointError("\(quoted(url.lastPathComponent)) cannot be put in its place: \(String(cString: strerror(errno))).")
        }
        isDone = true
    }

    private static func rank(_ type: ScalarType) -> Int {
        ScalarType.allCases.firstIndex(of: type) ?? 0
    }

    private func header(_ sorted: [Entry]) -> Data {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            members.append("\"__metadata__\":{" + pairs.map { Self.json($0.key) + ":" + Self.json($0.value) }.joined(separator: ",") + "}")
        }
        var offset = 0
        for entry in sorted {
            let end = offset + entry.count * entry.scalarType.bitWidth / 8
            let shape = entry.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(Self.json(entry.name)):{\"dtype\":\"\(entry.scalarType)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        var data = Data()
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: text)
        return data
    }

    private static func encode(_ values: [Float], as type: ScalarType) -> Data {
        switch type {
        case .float16: values.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
        case .bfloat16: values.map { $0.bfloat16Bits.littleEndian }.withUnsafeBytes { Data($0) }
        default: values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
        }
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private func write(_ data: Data, to file: OutputFile, _ url: URL) throws(CheckpointError) {
        do {
            try file.write(data)
        } catch {
            throw failure(url, error)
        }
    }

    private func failure(_ url: URL, _ error: OutputFile.Failure) -> CheckpointError {
        CheckpointError("\(quoted(url.lastPathComponent)) cannot be written: \(error).")
    }
}
