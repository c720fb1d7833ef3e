import Foundation
import FoveaSystem
import Testing

@Suite struct FileTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fovea-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    @Test func writesAllBytes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try OutputFile(folder + "/a", isNew: true)
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try file.write(bytes)
        try file.write(bytes.lazy.map { ~$0 })
        try file.write([UInt8]())
        try file.synchronize()
        #expect(FileManager.default.contents(atPath: folder + "/a") == Data(bytes + bytes.map { ~$0 }))
    }

    @Test func goesOnBehindAGivenLength() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try OutputFile(folder + "/a", isNew: true).write(Array("whole half".utf8))
        let file = try OutputFile(folder + "/a", isNew: false)
        try file.continueFrom(6)
        try file.write("more".utf8)
        #expect(FileManager.default.contents(atPath: folder + "/a") == Data("whole more".utf8))
        _ = try OutputFile(folder + "/a", isNew: true)
        #expect(FileStatus(folder + "/a")?.size == 0)
    }

    @Test func saysWhatIsWrong() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let failure = #expect(throws: OutputFile.Failure.self) { try OutputFile(folder + "/none/a", isNew: true) }
        #expect(failure?.description == "No such file or directory")
        let full = try OutputFile("/dev/full", isNew: false)
        let shortage = #expect(throws: OutputFile.Failure.self) { try full.write([1]) }
        #expect(shortage?.description == "No space left on device")
        #expect(shortage?.isClosedPipe == false)
    }

    @Test func tellsKindsOfFilesApart() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try OutputFile(folder + "/a", isNew: true).write([1, 2, 3])
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder)
        try FileManager.default.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: folder + "/none")
        let file = try #require(FileStatus(folder + "/a"))
        #expect(file.isRegular && !file.isDirectory && file.size == 3)
        #expect(abs(Double(file.modified) / 1e9 - Date.now.timeIntervalSince1970) < 600)
        #expect(FileStatus(folder)?.isDirectory == true)
        #expect(FileStatus(folder + "/link")?.isDirectory == true)
        #expect(FileStatus(folder + "/link", followsLinks: false)?.isDirectory == false)
        #expect(FileStatus(folder + "/dangling") == nil)
        #expect(FileStatus(folder + "/dangling", followsLinks: false) != nil)
        #expect(FileStatus("/dev/null")?.isRegular == false)
    }
}
