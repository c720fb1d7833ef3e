import FoundationEssentials
import FoveaServing
import FoveaSystem
import Glibc

/// The picture files that paths stand for.
enum PictureFiles {
    /// What a file of a folder must end in; a file that is named itself is always taken.
    static let endings: Set<String> = ["jpg", "jpeg", "png"]

    /// Files as they are; of folders, every picture in them and below, sorted by path; hidden ones are left out.
    /// - Throws: a path that does not exist, or a folder that cannot be listed.
    static func find(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        for path in paths {
            guard let status = FileStatus(path) else { throw Failure(description: "There is no file or folder '\(path)'.") }
            files += status.isDirectory ? try below(path.hasSuffix("/") ? path : path + "/").sorted() : [path]
        }
        return files
    }

    /// The most bytes that a pipe may give.
    private static let mostBytes = 1 << 30

    /// The bytes of a picture: a file's, or those of a pipe to its end, so that `… | fovea classify /dev/stdin` does what it says.
    /// - Throws: `ClassificationError.unsupportedPicture` with what is wrong with the file.
    static func bytes(of path: String) throws(ClassificationError) -> [UInt8] {
        if FileStatus(path)?.isRegular == true {
            guard let data = try? Data(contentsOf: URL(filePath: path)) else {
                throw .unsupportedPicture("The file cannot be read; check its permissions.")
            }
            return [UInt8](data)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unsupportedPicture("The file cannot be opened: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unsupportedPicture("The file cannot be read: \(String(cString: strerror(errno))).") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= mostBytes else {
                throw .unsupportedPicture("It gives more than \(mostBytes >> 20) MiB, and is no regular file that would say how many.")
            }
        }
    }

    /// - Parameter folder: Ends in a slash. A symbolic link to a folder is not followed: it may lead back up.
    private static func below(_ folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Failure(
                description: "The folder '\(folder)' cannot be listed, so that its pictures would be missing; check its permissions.")
        }
        return try names.filter { !$0.hasPrefix(".") }.flatMap { name in
            let path = folder + name
            if FileStatus(path, followsLinks: false)?.isDirectory == true { return try below(path + "/") }
            return isPicture(name) && FileStatus(path)?.isDirectory != true ? [path] : []
        }
    }

    private static func isPicture(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }
}
