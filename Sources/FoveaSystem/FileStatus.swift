import Glibc

/// What the system tells of a file.
package struct FileStatus: Sendable, Hashable {
    /// In bytes.
    package let size: Int
    /// When it was last written to, in nanoseconds since 1970.
    package let modified: Int
    /// Its number in its file system.
    package let number: UInt
    package let isDirectory: Bool
    package let isRegular: Bool

    /// - Parameter followsLinks: Whether a symbolic link stands for what it leads to.
    /// - Returns: `nil` where there is nothing, or nothing that this process may know of.
    package init?(_ path: String, followsLinks: Bool = true) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        size = Int(status.st_size)
        modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
        number = status.st_ino
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}
