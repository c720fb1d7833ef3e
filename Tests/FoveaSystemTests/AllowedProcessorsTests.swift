import Foundation
import FoveaSystem
import Testing

@Suite struct AllowedProcessorsTests {
    @Test func areAtLeastOneAndAllOnline() throws {
        let count = try #require(AllowedProcessors.count())
        #expect((1...sysconf(Int32(_SC_NPROCESSORS_ONLN))).contains(count))
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/nproc"))) func areThoseThatTheSystemsToolCounts() throws {
        let nproc = Process()
        nproc.executableURL = URL(filePath: "/usr/bin/nproc")
        // OpenMP's variables bound what it tells.
        nproc.environment = [:]
        let output = Pipe()
        nproc.standardOutput = output
        try nproc.run()
        let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        nproc.waitUntilExit()
        #expect(AllowedProcessors.count() == Int(told.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
