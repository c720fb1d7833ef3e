import FoundationEssentials
import FoveaServing

/// Where `fovea classify` puts its drawings: a folder for each picture, at the picture's own path below the folder, and in it a PNG file for each map.
struct DrawingFolder: Sendable {
    private let path: String

    /// Checks a folder against the pictures before any work; makes it where it is not there.
    ///
    /// - Parameters:
    ///   - sources: the paths as given: drawings within one of those folders would be taken for pictures the next time.
    ///   - files: the pictures.
    /// - Throws: a folder that lies within a source or cannot be made, and two pictures whose drawings would be in one place.
    init(_ path: String, sources: [String], files: [String]) throws {
        self.path = path
        let own = Self.absolute(path)
        for source in sources where (own + "/").hasPrefix(Self.absolute(source) + "/") {
            throw Failure(
                description:
                    "--overlay is '\(path)', which is within '\(source)': the drawings would be pictures of it. Name a folder beside it.")
        }
        var owners: [String: String] = [:]
        for file in files {
            let (place, source) = (Self.mirrored(file), Self.absolute(file))
            if let other = owners.updateValue(source, forKey: place), other != source {
                throw Failure(
                    description: "'\(other)' and '\(source)' would both be drawn into '\(path)/\(place)'; classify them one by one.")
            }
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Self.unwritable(path)
        }
    }

    /// Writes the drawings of a picture, over those of an earlier run, and takes them out of the answer. A file is there whole or not at all.
    func write(_ classification: inout Classification, of file: String) throws {
        let folder = URL(filePath: path).appending(path: Self.mirrored(file))
        for (name, drawing) in classification.takeDrawings() {
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(drawing).write(to: folder.appending(path: "\(name).png"), options: .atomic)
            } catch {
                throw Self.unwritable(folder.path(percentEncoded: false))
            }
        }
    }

    /// A picture's path below the folder: as it was given, without what would lead out.
    static func mirrored(_ file: String) -> String {
        let parts = file.split(separator: "/").filter { $0 != "." }
        if !parts.contains("..") { return parts.joined(separator: "/") }
        return absolute(file).split(separator: "/").joined(separator: "/")
    }

    private static func absolute(_ path: String) -> String {
        let text = URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text == "/" ? "" : text
    }

    private static func unwritable(_ path: String) -> Failure {
        Failure(description: "'\(path)' cannot be written; check its folder, the permissions and the space on the disk.")
    }
}
