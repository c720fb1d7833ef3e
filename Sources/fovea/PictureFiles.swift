import Foundation

/// The picture files that paths stand for.
enum PictureFiles {
    /// What a file of a folder must end in; a file that is named itself is always taken.
    static let endings: Set<String> = ["jpg", "jpeg", "png"]

    /// Files as they are; of folders, every picture in them and below, sorted by path; hidden ones are left out.
    /// - Throws: a path that does not exist.
    static func find(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        for path in paths {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw Failure(description: "There is no file or folder '\(path)'.")
            }
            files += isDirectory.boolValue ? below(path) : [path]
        }
        return files
    }

    private static func below(_ folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        return walk.compactMap { $0 as? String }
            .filter { path in
                endings.contains((path as NSString).pathExtension.lowercased())
                    && !path.split(separator: "/").contains { $0.hasPrefix(".") }
            }
            .sorted()
            .map { prefix + $0 }
    }
}
