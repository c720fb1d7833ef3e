import Dispatch
import Foundation
import FoveaHTTP

/// Runs another program.
struct Command {
    struct Result {
        var status: Int32
        var output: String
    }

    /// Whether a program is there.
    static func exists(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    /// Runs a program to its end, with what it wrote to both its outputs. Killed after 20 seconds.
    static func run(_ name: String, _ arguments: [String], input: String = "") async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            // A queue of its own: waiting must not hold a thread that the server under test needs.
            DispatchQueue(label: "fovea.test.command").async {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = [name] + arguments
                let output = Pipe()
                let standardInput = Pipe()
                process.standardOutput = output
                process.standardError = output
                process.standardInput = standardInput
                do {
                    try process.run()
                } catch {
                    return continuation.resume(throwing: error)
                }
                let killer = DispatchWorkItem { process.terminate() }
                DispatchQueue.global().asyncAfter(deadline: .now() + 20, execute: killer)
                try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try? standardInput.fileHandleForWriting.close()
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                killer.cancel()
                continuation.resume(returning: Result(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self)))
            }
        }
    }
}

/// Certificates made for one test, in a folder that goes with it.
final class TestCertificates: Sendable {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Makes `<name>.pem` and `<name>.key`, signed by themselves, for `localhost` and 127.0.0.1.
    func make(_ name: String) async throws {
        let made = try await Command.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
            ])
        guard made.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func configuration(_ certificate: String, key: String? = nil, clientCA: String? = nil) -> TLSConfiguration {
        TLSConfiguration(
            certificate: path("\(certificate).pem"), key: path("\(key ?? certificate).key"), clientCA: clientCA.map { path("\($0).pem") })
    }
}
