/// What a file says about its picture besides the pixels: raw EXIF and XMP.
struct PictureMetadata: Sendable {
    /// A TIFF structure; `Exif\0\0` in front of it is allowed.
    var exif: [UInt8]?
    var xmp: [UInt8]?

    /// The orientation, 1 to 8; 1 where none is given or what is given makes no sense. EXIF wins; XMP is asked where EXIF has no such tag
    /// (`Image.getexif` in Pillow).
    var orientation: Int {
        let value = exif.flatMap(ExifOrientation.read) ?? xmp.flatMap(Self.orientation(inXMP:)) ?? 1
        return (1...8).contains(value) ? value : 1
    }

    /// The first of Pillow's pattern `tiff:Orientation(="|>)([0-9])`.
    static func orientation(inXMP bytes: [UInt8]) -> Int? {
        let name = Array("tiff:Orientation".utf8)
        var start = 0
        while let first = bytes[start...].firstIndex(of: name[0]) {
            start = first + 1
            guard bytes[first...].starts(with: name) else { continue }
            var value = bytes[(first + name.count)...]
            if value.starts(with: [0x3D, 0x22]) {
                value = value.dropFirst(2)
            } else if value.first == 0x3E {
                value = value.dropFirst()
            } else {
                continue
            }
            if let digit = value.first, (0x30...0x39).contains(digit) { return Int(digit) - 0x30 }
        }
        return nil
    }
}
