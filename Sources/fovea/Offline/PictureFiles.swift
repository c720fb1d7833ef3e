import FoundationEssentials
import FoveaSystem

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
