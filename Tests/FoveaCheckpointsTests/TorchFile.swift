import Foundation

/// Builds zip archives byte by byte, with every field open to lies.
struct ZipBuilder {
    struct Entry {
        var name: String
        var content: [UInt8]
        var flags: UInt16 = 0
        var method: UInt16 = 0
        /// What the headers say, where it is not the truth.
        var size: UInt32?
        var packedSize: UInt32?
        var localName: String?
        var localSize: UInt32?
        var offset: UInt32?
        /// The central header's extra field.
        var extra: [UInt8] = []
    }

    var entries: [Entry]
    var comment: [UInt8] = []
    var count: UInt16?
    var directorySize: UInt32?
    var wideEnd = false

    init(_ entries: [Entry]) { self.entries = entries }

    /// A checkpoint of one pickle and the storages it names.
    init(pickle: [UInt8], storages: [String: [UInt8]] = [:], byteOrder: String? = "little", prefix: String = "archive/") {
        entries = [Entry(name: "\(prefix)data.pkl", content: pickle)]
        if let byteOrder { entries.append(Entry(name: "\(prefix)byteorder", content: Array(byteOrder.utf8))) }
        for (key, content) in storages.sorted(by: { $0.key < $1.key }) {
            entries.append(Entry(name: "\(prefix)data/\(key)", content: content))
        }
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let truth = UInt32(entry.content.count)
            let local = entry.localName ?? entry.name
            directory +=
                [0x50, 0x4B, 1, 2] + littleEndian(UInt16(20)) + littleEndian(UInt16(20)) + littleEndian(entry.flags)
                + littleEndian(entry.method)
            directory +=
                [UInt8](repeating: 0, count: 8) + littleEndian(entry.packedSize ?? entry.size ?? truth) + littleEndian(entry.size ?? truth)
            directory +=
                littleEndian(UInt16(entry.name.utf8.count)) + littleEndian(UInt16(entry.extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += littleEndian(entry.offset ?? UInt32(file.count)) + Array(entry.name.utf8) + entry.extra
            file += [0x50, 0x4B, 3, 4] + littleEndian(UInt16(20)) + littleEndian(entry.flags) + littleEndian(entry.method)
            file += [UInt8](repeating: 0, count: 8) + littleEndian(entry.localSize ?? truth) + littleEndian(entry.localSize ?? truth)
            file += littleEndian(UInt16(local.utf8.count)) + littleEndian(UInt16(0)) + Array(local.utf8) + entry.content
        }
        let start = file.count
        file += directory
        let number = UInt16(entries.count)
        if wideEnd {
            let end = file.count
            file += [0x50, 0x4B, 6, 6] + littleEndian(UInt64(44)) + [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
            file +=
                littleEndian(UInt64(number)) + littleEndian(UInt64(number)) + littleEndian(UInt64(directory.count))
                + littleEndian(UInt64(start))
            file += [0x50, 0x4B, 6, 7] + littleEndian(UInt32(0)) + littleEndian(UInt64(end)) + littleEndian(UInt32(1))
        }
        file +=
            [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + littleEndian(count ?? (wideEnd ? 0xFFFF : number))
            + littleEndian(count ?? (wideEnd ? 0xFFFF : number))
        file += littleEndian(directorySize ?? (wideEnd ? .max : UInt32(directory.count))) + littleEndian(wideEnd ? .max : UInt32(start))
        return file + littleEndian(UInt16(comment.count)) + comment
    }
}

/// Writes pickles of protocol 2, opcode by opcode.
enum Pickle {
    static func text(_ string: String) -> [UInt8] { [0x58] + littleEndian(UInt32(string.utf8.count)) + Array(string.utf8) }

    static func int(_ value: Int) -> [UInt8] { [0x8A, 8] + littleEndian(Int64(value)) }

    static func tuple(_ items: [UInt8]...) -> [UInt8] { [0x28] + items.joined() + [0x74] }

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
        global(module, name) + [0x28] + arguments.joined() + [0x74, 0x52]
    }

    static func dictionary(_ members: (String, [UInt8])...) -> [UInt8] {
        [0x7D, 0x28] + members.flatMap { text($0.0) + $0.1 } + [0x75]
    }

    static func ints(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap { int($0) } + [0x74] }

    static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
        tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(count)) + [0x51]
    }

    static func bool(_ value: Bool) -> [UInt8] { [value ? 0x88 : 0x89] }

    /// - Parameter metadata: the last argument, which is left out of most tensors.
    static func tensor(_ storage: [UInt8], offset: Int = 0, _ shape: [Int], _ strides: [Int], metadata: [UInt8] = []) -> [UInt8] {
        call(
            "torch._utils", "_rebuild_tensor_v2", storage, int(offset), ints(shape), ints(strides), bool(false),
            call("collections", "OrderedDict"), metadata)
    }

    static func file(_ value: [UInt8]) -> [UInt8] { [0x80, 2] + value + [0x2E] }
}
