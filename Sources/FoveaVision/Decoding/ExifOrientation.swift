/// Reads the orientation out of EXIF data: a TIFF structure, of which only the first directory is looked at (TIFF 6.0, section 2; EXIF 2.32, 4.6.2),
/// entry by entry as Pillow's `ImageFileDirectory_v2.load` does.
enum ExifOrientation {
    private static let tag = 0x0112
    /// The bytes of a value of each type that Pillow reads.
    private static let widths = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8]
    private static let wholeTypes: Set<Int> = [3, 4, 6, 8, 9, 13, 16]

    /// The value of the orientation tag, or nil where there is none. Every offset is checked; data that does not fit counts as absent.
    static func read(_ exif: [UInt8]) -> Int? {
        var tiff = exif[...]
        // Pillow removes the marker up to twice: some writers repeat it.
        for _ in 0..<2 where tiff.starts(with: Array("Exif\0\0".utf8)) { tiff = tiff.dropFirst(6) }
        guard tiff.count >= 8 else { return nil }
        let big: Bool
        switch Array(tiff.prefix(4)) {
        // The two with 42 in the wrong order are invalid, and Pillow reads them by their first two letters.
        case [0x4D, 0x4D, 0x00, 0x2A], [0x4D, 0x4D, 0x2A, 0x00]: big = true
        case [0x49, 0x49, 0x2A, 0x00], [0x49, 0x49, 0x00, 0x2A]: big = false
        default: return nil
        }
        let data = Array(tiff)
        guard let directory = number(data, at: 4, size: 4, big), let count = number(data, at: directory, size: 2, big) else { return nil }
        var seen: Set<Int> = []
        var total = 0
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard start + 12 <= data.count, let found = number(data, at: start, size: 2, big),
                let type = number(data, at: start + 2, size: 2, big), let values = number(data, at: start + 4, size: 4, big)
            else { return nil }
            guard let width = widths[type], values > 0, !seen.contains(found) else { continue }
            var place = start + 8
            if values * width > 4 {
                total += values * width
                guard total <= data.count else { continue }
                // One whose values end beyond the data hides all that follow it.
                guard let offset = number(data, at: place, size: 4, big), offset + values * width <= data.count else { return nil }
                place = offset
            }
            // Other than whole numbers are no orientation, but there. Pillow leaves BYTE as a byte string.
            if found == tag { return wholeTypes.contains(type) ? number(data, at: place, size: width, big) : 1 }
            seen.insert(found)
        }
        return nil
    }

    private static func number(_ data: [UInt8], at offset: Int, size: Int, _ big: Bool) -> Int? {
        guard offset >= 0, size <= data.count, offset <= data.count - size else { return nil }
        let bytes = data[offset..<offset + size]
        return big ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
