import FoundationEssentials
import FoveaSystem
import Glibc

/// Reads pictures from files, for commands.
public enum PictureFile {
    /// The most bytes that a pipe may give.
    private static let mostBytes = 1 << 30

    /// The bytes of a picture: a file's, or those of a pipe to its end, so that `… | fovea classify /dev/stdin` does what it says.
    /// - Throws: `ClassificationError.unsupportedPicture` with what is wrong with the file.
    public static func bytes(of path: String) throws(ClassificationError) -> [UInt8] {
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
}
