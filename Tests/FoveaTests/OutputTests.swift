import Foundation
import Testing

/// What becomes of results that standard output does not take as they come.
@Suite struct OutputTests {
    static let commands = [
        ["models"], ["models", "--json"], ["inspect", "odresnet-cifar10"], ["inspect", "odresnet-cifar10", "--json"],
        ["bench", "odresnet-cifar10", "--batch", "1", "--threads", "1", "--seconds", "0.01"],
        ["classify", "--model", "odresnet-cifar10", "docs/images/cat.jpg"],
        ["classify", "--model", "odresnet-cifar10", "--format", "csv", "docs/images/cat.jpg"],
    ]

    @Test(arguments: commands) func aFullDiskIsAFailure(_ command: [String]) throws {
        let outcome = try Executable.run(command, prelude: "exec >/dev/full")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("No space left on device") && outcome.errors.contains("run this again"), "\(outcome.errors)")
    }

    /// As under a parent that ignores SIGPIPE, which Python's is; else the signal ends the process.
    @Test(arguments: commands) func aReaderThatLeftIsNone(_ command: [String]) throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let errors = Pipe()
        let process = Executable.process(command, prelude: "trap '' PIPE")
        // The handle and not the pipe, whose other end the process would be told to close.
        process.standardOutput = pipe.fileHandleForWriting
        process.standardError = errors
        try process.run()
        let told = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        #expect(told.isEmpty, "\(told)")
    }

    /// A pipe that does not block and is full, as what an event loop leaves to its children can be.
    @Test func aReaderThatComesLateGetsEverything() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0)
        let filler = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
        var filled = 0
        while true {
            let count = write(descriptor, filler, filler.count)
            guard count > 0 else { break }
            filled += count
        }
        #expect(filled > 0 && errno == EAGAIN)

        let process = Executable.process(["inspect", "odresnet-cifar10", "--json"])
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: 2)
        #expect(process.isRunning, "it waits for its reader")
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.prefix(filled).allSatisfy { $0 == UInt8(ascii: ".") })
        let model = try #require(try JSONSerialization.jsonObject(with: Data(text.dropFirst(filled))) as? [String: Any])
        #expect(model["name"] as? String == "odresnet-cifar10")
    }

    @Test func aServerThatCannotPrintItsAddressServes() async throws {
        let server = Executable.process(["serve", "--port", "0"], prelude: "exec >/dev/full")
        let log = Pipe()
        server.standardError = log
        try server.run()
        var told = ""
        while !told.contains("Started."), case let data = log.fileHandleForReading.availableData, !data.isEmpty {
            told += String(decoding: data, as: UTF8.self)
        }
        #expect(told.contains("No space left on device") && told.contains("Started."), "\(told)")
        server.terminate()
        server.waitUntilExit()
        #expect(server.terminationReason == .exit && server.terminationStatus == 0)
    }
}
