/// The directory of a zip file whose entries are stored as they are, as `torch.save` writes it.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, 4.3.7 (local header), 4.3.12 (central directory), 4.3.14–16 (its end, ZIP64), 4.5.3 (ZIP64 extra field).
/// Strict: the central directory must reach up to its end record, the local headers must say the same as it does, and no two entries may
/// share a byte. Checksums are not looked at: PyTorch does not either, and can be told to write none (`set_crc32_options`).
struct ZipArchive {
    struct Entry {
        let name: String
        /// Byte of the file where the content begins.
        let offset: Int
        let size: Int
        /// 0: stored. Others are listed, for what they say about the archive, but cannot be read.
        let method: Int
    }

    static let maximumEntries = 200_000
    static let maximumDirectory = 32 << 20

    let entries: [Entry]

    /// An entry as the central directory tells of it.
    private struct Record {
        let name: ArraySlice<UInt8>
        let text: String
        let flags: UInt64
        let method: Int
        /// Bytes in the file, and of the content; equal where it is stored.
        let packed: Int
        let size: Int
        let header: Int
    }

    private struct Directory {
        var offset: Int
        var size: Int
        var count: Int
    }

    init(_ file: CheckpointFile) throws(CheckpointError) {
        let directory = try Self.findDirectory(file)
        let records = try Self.readDirectory(file, directory)
        var entries: [Entry] = []
        entries.reserveCapacity(records.count)
        var end = 0
        var previous = ""
        var offsets: [Int] = [Int](repeating: 0, count: records.count)
        for index in records.indices.sorted(by: { records[$0].header < records[$1].header }) {
            let record = records[index]
            guard record.header >= end else {
                throw Self.fault(file, "its entries \(quoted(previous)) and \(quoted(record.text)) overlap")
            }
            let content = try Self.readLocalHeader(file, record, limit: directory.offset)
            offsets[index] = content
            end = content + record.packed
            previous = record.text
        }
        for (record, offset) in zip(records, offsets) {
            entries.append(Entry(name: record.text, offset: offset, size: record.size, method: record.method))
        }
        self.entries = entries
    }

    /// Throws if an entry is compressed.
    func checkStored(_ file: CheckpointFile) throws(CheckpointError) {
        guard let entry = entries.first(where: { $0.method != 0 }) else { return }
        throw CheckpointError(
            "\(quoted(file.name)): the entry \(quoted(entry.name)) is compressed (zip method \(entry.method)), which torch.save never does. "
                + "Load it in PyTorch and save it again with torch.save, or unpack it and pack it with `zip -0`.")
    }

    static func fault(_ file: CheckpointFile, _ what: String) -> CheckpointError {
        CheckpointError("\(quoted(file.name)) is a damaged or misleading zip archive: \(what). Copy or download it again.")
    }

    /// 4.3.16: the end record is the last thing in the file but for a comment whose length it tells.
    private static func findDirectory(_ file: CheckpointFile) throws(CheckpointError) -> Directory {
        let tail = try file.bytes(at: max(0, file.size - 22 - 0xFFFF), count: min(file.size, 22 + 0xFFFF))
        var start = tail.count - 22
        while start >= 0 {
            if tail[start] == 0x50, tail[start + 1] == 0x4B, tail[start + 2] == 5, tail[start + 3] == 6,
                Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count - start - 22
            {
                break
            }
            start -= 1
        }
        guard start >= 0 else { throw fault(file, "it has no end record; it was probably cut short") }
        let endRecord = file.size - tail.count + start
        var reader = ByteReader(tail, at: start + 4)
        guard let disk = reader.int(2), let startDisk = reader.int(2), let here = reader.int(2), let count = reader.int(2),
            let size = reader.int(4), let offset = reader.int(4)
        else { throw fault(file, "its end record is cut short") }
        var directory = Directory(offset: offset, size: size, count: count)
        var limit = endRecord
        if let (wide, position) = try findWideDirectory(file, before: endRecord) {
            guard count == 0xFFFF || count == wide.count, size == 0xFFFF_FFFF || size == wide.size,
                offset == 0xFFFF_FFFF || offset == wide.offset
            else { throw fault(file, "its two end records contradict each other") }
            directory = wide
            limit = position
        } else {
            guard disk == 0, startDisk == 0, here == count else { throw fault(file, "it is part of an archive of several files") }
        }
        let (end, overflow) = directory.offset.addingReportingOverflow(directory.size)
        guard !overflow, end == limit else { throw fault(file, "its directory does not lie where its end record says") }
        guard directory.count <= maximumEntries, directory.size <= maximumDirectory, directory.count * 46 <= directory.size else {
            throw fault(
                file, "its directory of \(directory.size) bytes cannot hold the \(directory.count) entries that its end record tells of")
        }
        return directory
    }

    /// 4.3.14 and 4.3.15: the ZIP64 locator stands right before the end record and points at the ZIP64 end record.
    private static func findWideDirectory(_ file: CheckpointFile, before end: Int) throws(CheckpointError) -> (Directory, Int)? {
        guard end >= 20 else { return nil }
        var locator = ByteReader(try file.bytes(at: end - 20, count: 20))
        guard locator.number(4) == 0x0706_4B50, locator.number(4) == 0, let position = locator.int(8), let disks = locator.int(4) else {
            return nil
        }
        guard disks <= 1, position <= end - 20 - 56 else { throw fault(file, "its ZIP64 locator points at no end record") }
        var record = ByteReader(try file.bytes(at: position, count: 56))
        guard record.number(4) == 0x0606_4B50, let length = record.int(8), length == end - 20 - position - 12, record.take(4) != nil,
            record.number(8) == 0, let here = record.int(8), let count = record.int(8), here == count, let size = record.int(8),
            let offset = record.int(8)
        else { throw fault(file, "its ZIP64 end record is malformed") }
        return (Directory(offset: offset, size: size, count: count), position)
    }

    private static func readDirectory(_ file: CheckpointFile, _ directory: Directory) throws(CheckpointError) -> [Record] {
        var reader = ByteReader(try file.bytes(at: directory.offset, count: directory.size))
        var records: [Record] = []
        var names: Set<String> = []
        for index in 0..<directory.count {
            func cut() -> CheckpointError { fault(file, "entry \(index) of its directory is malformed") }
            guard reader.number(4) == 0x0201_4B50, reader.take(4) != nil, let flags = reader.number(2), let method = reader.int(2),
                reader.take(8) != nil, var packed = reader.int(4), var size = reader.int(4), let nameLength = reader.int(2),
                let extraLength = reader.int(2), let commentLength = reader.int(2), reader.take(8) != nil, var header = reader.int(4),
                let name = reader.take(nameLength), let extra = reader.take(extraLength), reader.take(commentLength) != nil
            else { throw cut() }
            guard let text = String(validating: name, as: UTF8.self), !text.isEmpty, !name.contains(0) else {
                throw fault(file, "the name of entry \(index) is not text")
            }
            guard names.insert(text).inserted else { throw fault(file, "two of its entries are named \(quoted(text))") }
            guard flags & 0x41 == 0 else {
                throw CheckpointError("\(quoted(file.name)): the entry \(quoted(text)) is encrypted. Save it again with torch.save.")
            }
            // 4.5.3: the wide fields stand in the extra field, those only whose narrow one is all ones, in this order.
            if packed == 0xFFFF_FFFF || size == 0xFFFF_FFFF || header == 0xFFFF_FFFF {
                guard var wide = wideField(extra) else { throw cut() }
                if size == 0xFFFF_FFFF { size = wide.int(8) ?? -1 }
                if packed == 0xFFFF_FFFF { packed = wide.int(8) ?? -1 }
                if header == 0xFFFF_FFFF { header = wide.int(8) ?? -1 }
            }
            guard size >= 0, packed >= 0, header >= 0, packed == size || method != 0 else {
                throw fault(file, "the entry \(quoted(text)) is stored but tells of two sizes, \(packed) and \(size) bytes")
            }
            records.append(Record(name: name, text: text, flags: flags, method: method, packed: packed, size: size, header: header))
        }
        guard reader.remaining == 0 else { throw fault(file, "its directory holds more than the entries it tells of") }
        return records
    }

    private static func wideField(_ extra: ArraySlice<UInt8>) -> ByteReader? {
        var reader = ByteReader(Array(extra))
        while let id = reader.int(2), let length = reader.int(2), let content = reader.take(length) {
            if id == 1 { return ByteReader(Array(content)) }
        }
        return nil
    }

    /// Where the content begins. It must end before `limit`, the start of the central directory.
    private static func readLocalHeader(_ file: CheckpointFile, _ record: Record, limit: Int) throws(CheckpointError) -> Int {
        func lies() -> CheckpointError {
            fault(file, "the header of its entry \(quoted(record.text)) does not say what its directory says")
        }
        guard record.header <= limit - 30 - record.name.count else {
            throw fault(file, "its entry \(quoted(record.text)) lies outside the file")
        }
        var reader = ByteReader(try file.bytes(at: record.header, count: 30 + record.name.count))
        guard reader.number(4) == 0x0403_4B50, reader.take(2) != nil, let flags = reader.number(2), flags == record.flags,
            reader.int(2) == record.method,
            reader.take(8) != nil, let packed = reader.int(4), let size = reader.int(4), reader.int(2) == record.name.count,
            let extraLength = reader.int(2), reader.take(record.name.count) == record.name
        else { throw lies() }
        // Flag 3: the sizes follow the content, and stand here as zeros.
        let isDeferred = flags & 8 != 0
        for (told, known) in [(packed, record.packed), (size, record.size)]
        where told != known && told != 0xFFFF_FFFF && !(isDeferred && told == 0) { throw lies() }
        let content = record.header + 30 + record.name.count + extraLength
        guard content <= limit, record.packed <= limit - content else {
            throw fault(
                file, "its entry \(quoted(record.text)) tells of \(record.packed) bytes, of which only \(max(0, limit - content)) are there"
            )
        }
        return content
    }
}
