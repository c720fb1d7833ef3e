import FoveaVision

/// A zip archive whose files are stored as they are (PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16): NumPy's `.npz`.
///
/// The same files give the same bytes: every one has zip's earliest time.
struct StoredZip {
    private var archive: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: its path in the archive, with slashes; fewer than 65,536 bytes.
    ///   - content: the archive as a whole must stay below 4 GiB, and its files below 65,536: the caller's care.
    mutating func add(_ name: String, _ content: [UInt8]) {
        // Version 2.0; bit 11: names are UTF-8; stored; 1 January 1980, midnight.
        let common =
            Self.two(20) + Self.two(0x800) + Self.two(0) + Self.two(0) + Self.two(0x21) + Self.four(Int(CRC32.of(content[...])))
            + Self.four(content.count) + Self.four(content.count) + Self.two(name.utf8.count) + Self.two(0)
        directory += Self.four(0x0201_4B50) + Self.two(20) + common
        // No comment, the first disk, no attributes; then where the file begins.
        directory += Self.two(0) + Self.two(0) + Self.two(0) + Self.four(0) + Self.four(archive.count) + Array(name.utf8)
        archive += Self.four(0x0403_4B50) + common + Array(name.utf8) + content
        count += 1
    }

    /// The whole archive.
    func bytes() -> [UInt8] {
        archive + directory + Self.four(0x0605_4B50) + Self.two(0) + Self.two(0) + Self.two(count) + Self.two(count)
            + Self.four(directory.count)
            + Self.four(archive.count) + Self.two(0)
    }

    private static func two(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    private static func four(_ value: Int) -> [UInt8] { two(value & 0xFFFF) + two(value >> 16 & 0xFFFF) }
}
