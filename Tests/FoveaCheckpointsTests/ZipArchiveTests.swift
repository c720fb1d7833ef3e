import Foundation
import Testing

@testable import FoveaCheckpoints

struct ZipArchiveTests {
    private static let storage = [1, 2, 3].flatMap { littleEndian(Float($0).bitPattern) }
    private static let pickle = Pickle.file(Pickle.dictionary(("a", Pickle.tensor(Pickle.storage(count: 3), [3], [1]))))

    private func refuse(_ words: String..., location: SourceLocation = #_sourceLocation, _ change: (inout ZipBuilder) -> Void) throws {
        var builder = ZipBuilder(pickle: Self.pickle, storages: ["0": Self.storage])
        change(&builder)
        let folder = try TemporaryFolder()
        try expectRefusal(folder.write(builder.bytes, as: "model.pth"), words, location: location)
    }

    private func accept(_ builder: ZipBuilder) throws {
        let folder = try TemporaryFolder()
        let checkpoint = try Checkpoint(file: folder.write(builder.bytes, as: "model.pth"))
        #expect(try checkpoint.tensors["a"]?.floats() == [1, 2, 3])
    }

    @Test(arguments: ["archive/", "resnet 18 (1)/", "a/b/", ""])
    func readsAnyPrefix(prefix: String) throws {
        try accept(ZipBuilder(pickle: Self.pickle, storages: ["0": Self.storage], prefix: prefix))
        try accept(ZipBuilder(pickle: Self.pickle, storages: ["0": Self.storage], byteOrder: nil, prefix: prefix))
    }

    @Test func readsCommentsAndWideFields() throws {
        var builder = ZipBuilder(pickle: Self.pickle, storages: ["0": Self.storage])
        builder.comment = Array("PK\u{5}\u{6} is no end record".utf8)
        try accept(builder)
        builder.comment = []
        builder.wideEnd = true
        try accept(builder)
        builder.entries[2].size = .max
        builder.entries[2].localSize = .max
        builder.entries[2].extra =
            [9, 9, 1, 0, 7] + littleEndian(UInt16(1)) + littleEndian(UInt16(16)) + littleEndian(UInt64(12)) + littleEndian(UInt64(12))
        try accept(builder)
    }

    @Test func refusesLies() throws {
        try refuse("only") {
            $0.entries[2].size = 1 << 30; $0.entries[2].localSize = 1 << 30
        }
        try refuse("does not say") { $0.entries[2].size = 8 }
        try refuse("does not say") { $0.entries[2].localSize = 8 }
        try refuse("does not say") { $0.entries[2].localName = "archive/data/1" }
        try refuse("two sizes") { $0.entries[2].packedSize = 8 }
        try refuse("overlap") { $0.entries[2].offset = 0 }
        try refuse("overlap") { $0.entries[1].offset = 1 }
        try refuse("does not say") { $0.entries[0].offset = 1 }
        try refuse("outside") { $0.entries[2].offset = .max - 1 }
        try refuse("two of its entries") { $0.entries.append($0.entries[0]) }
        try refuse("compressed", "method 8", "torch.save") { $0.entries[2].method = 8 }
        try refuse("encrypted") { $0.entries[2].flags = 1 }
        try refuse("not text") { $0.entries[2].name = "a\0b" }
        try refuse("directory") { $0.count = 60_000 }
        try refuse("more than the entries") { $0.count = 2 }
        try refuse("directory") { $0.directorySize = 1 << 30 }
        try refuse("malformed") {
            $0.entries[2].size = .max; $0.entries[2].packedSize = .max
        }
        try refuse("two sizes") {
            $0.entries[2].size = .max
            $0.entries[2].packedSize = .max
            $0.entries[2].extra = littleEndian(UInt16(1)) + littleEndian(UInt16(16)) + littleEndian(UInt64.max) + littleEndian(UInt64.max)
        }
    }

    @Test func refusesOtherArchives() throws {
        try refuse("no data.pkl") { $0.entries.removeFirst() }
        try refuse("2 entries named data.pkl") { $0.entries.append(.init(name: "other/data.pkl", content: [])) }
        try refuse("byte order", "'middle'") { $0.entries[1].content = Array("middle".utf8) }
        try refuse("lies in the storage '0'", "does not hold") { $0.entries.removeLast() }
        try refuse("TorchScript") { $0.entries.append(.init(name: "archive/constants.pkl", content: [])) }
    }

    @Test func refusesEveryCut() throws {
        let whole = ZipBuilder(pickle: Self.pickle, storages: ["0": Self.storage]).bytes
        let folder = try TemporaryFolder()
        for length in 0..<whole.count {
            let file = try folder.write(whole.prefix(length), as: "model.pth")
            #expect(throws: CheckpointError.self) { try Checkpoint(file: file) }
        }
    }
}
