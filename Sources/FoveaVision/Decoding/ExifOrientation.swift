/// Reads the orientation out of EXIF data: a TIFF structure, of which only the first directory is looked at (TIFF 6.0, section 2; EXIF 2.32, 4.6.2).
enum ExifOrientation {
    private static let tag = 0x0112

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
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard start + 12 <= data.count, let found = number(data, at: start, size: 2, big),
                let type = number(data, at: start + 2, size: 2, big), let values = number(data, at: start + 4, size: 4, big)
            else { return nil }
            guard found == tag, values > 0 else { continue }
            // The whole-number types. Pillow leaves BYTE as a byte string, which then is no orientation.
            let sizes = [3: 2, 4: 4, 6: 1, 8: 2, 9: 4]
            guard let size = sizes[type] else {
                if type == 1 || type == 2 || type == 5 || type == 7 || (10...12).contains(type) { return 1 }
                continue
            }
            if values * size <= 4 { return number(data, at: start + 8, size: size, big) }
            guard let place = number(data, at: start + 8, size: 4, big), place <= data.count, values * size <= data.count - place else {
                continue
            }
            return number(data, at: place, size: size, big)
        }
        return nil
    }

    private static func number(_ data: [UInt8], at offset: Int, size: Int, _ big: Bool) -> Int? {
        guard offset >= 0, size <= data.count, offset <= data.count - size else { return nil }
        let bytes = data[offset..<offset + size]
        return big ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
