import FoundationEssentials
import FoveaSystem

/// Where `fovea classify` puts its results: standard output, or a file that a later run can go on with.
struct ResultFile {
    private let file: OutputFile
    private let path: String?
    /// The pictures that the file has results of already.
    let finished: Set<String>
    /// Whether the results begin here and not in the middle of an older run's.
    let isNew: Bool

    /// Standard output.
    init() {
        (file, path, finished, isNew) = (.standardOutput, nil, [], true)
    }

    /// A file: a new one, or one that an earlier run of the same format left behind. What a run that was cut off wrote only in part is taken away.
    ///
    /// - Throws: a file that is there but not to be gone on with, that is no such result, or that cannot be written.
    init(_ path: String, format: ResultFormat, resumes: Bool, files: [String]) throws {
        self.path = path
        let exists = FileManager.default.fileExists(atPath: path)
        guard !exists || resumes else {
            throw Failure(description: "'\(path)' already exists; continue it with --resume, or name another file.")
        }
        guard let file = try? OutputFile(path, isNew: false) else { throw Self.unwritable(path) }
        self.file = file
        // A pipe or /dev/null holds nothing, and has no length to cut.
        guard FileStatus(path)?.isRegular == true else {
            (finished, isNew) = ([], true)
            return
        }
        let earlier = try EarlierResults(path: path, format: format, files: files)
        finished = earlier.paths
        isNew = earlier.length == 0
        guard (try? file.continueFrom(earlier.length)) != nil else { throw Self.unwritable(path) }
    }

    /// Writes results.
    /// - Throws: where they cannot be taken, such as when the disk is full. Who closed the pipe of standard output does not want the rest.
    func write(_ bytes: [UInt8]) throws {
        guard let path else { return try Output.write(bytes) }
        guard (try? file.write(bytes)) != nil else { throw Self.unwritable(path) }
    }

    private static func unwritable(_ path: String) -> Failure {
        Failure(description: "'\(path)' cannot be written; check its folder, the permissions and the space on the disk.")
    }
}
