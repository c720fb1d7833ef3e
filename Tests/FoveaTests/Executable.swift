import Foundation

/// The built `fovea`, run as a process.
enum Executable {
    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file of the repository.
    static func file(_ path: String) -> String {
        root.appending(path: path).path(percentEncoded: false)
    }

    /// It lies beside the test bundle, whatever the build folder.
    private static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "fovea")

    /// What a finished process left.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// A process ready to start.
    ///
    /// - Parameter prelude: what a shell does before it becomes the process, such as `ulimit -n 64`.
    static func process(_ arguments: [String], environment: [String: String] = [:], prelude: String? = nil) -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        if let prelude {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "\(prelude); exec \"$0\" \"$@\"", url.path(percentEncoded: false)] + arguments
        }
        process.currentDirectoryURL = root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        return process
    }

    /// Runs a command to its end.
    static func run(_ arguments: String...) throws -> Outcome {
        try run(arguments)
    }

    /// Runs a command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:], prelude: String? = nil) throws -> Outcome {
        let process = process(arguments, environment: environment, prelude: prelude)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files and not pipes: however much it prints, it never waits for us.
        let files = ["output", "errors"].map { folder.appending(path: $0) }
        for file in files { _ = FileManager.default.createFile(atPath: file.path(percentEncoded: false), contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
