/// Walks a JPEG file's marker segments up to the first scan, by the rules of Pillow's JpegImagePlugin.py: what that parser refuses is
/// refused here, before libjpeg sees it, and its notion of which segments hold EXIF and XMP is ours.
struct JPEGMarkers {
    private(set) var metadata = PictureMetadata()
    /// Width, height and components of the last frame header.
    private(set) var frame: (width: Int, height: Int, components: Int)?
    /// The number n of that frame header's SOFn marker.
    private(set) var process = 0

    private let bytes: [UInt8]
    private var position = 2

    init(_ bytes: [UInt8]) throws(PictureError) {
        self.bytes = bytes
        while true {
            // Bytes that are no marker are skipped, and so are padding and stuffed zeros.
            while position < bytes.count, bytes[position] != 0xFF { position += 1 }
            while position < bytes.count, bytes[position] == 0xFF { position += 1 }
            guard position < bytes.count else { throw Self.refusal("it ends after \(bytes.count) bytes, before any picture data") }
            let marker = bytes[position]
            position += 1
            switch marker {
            case 0x00, 0xC8, 0xD0...0xD9, 0xF0...0xFD: continue
            case 0x01..<0xC0: throw Self.refusal("byte \(position - 1) should be a marker and is 0x\(Self.hex(marker))")
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xDE: try readFrame(try segment(marker), marker)
            case 0xDB: try checkQuantization(try segment(marker))
            case 0xE0...0xEF: try readApplication(try segment(marker), marker)
            default: _ = try segment(marker)
            }
            if marker == 0xDA { return }
        }
    }

    private mutating func segment(_ marker: UInt8) throws(PictureError) -> ArraySlice<UInt8> {
        guard bytes.count - position >= 2 else { throw Self.refusal("it ends within segment 0xFF\(Self.hex(marker))") }
        let count = max(0, Int(bytes[position]) << 8 + Int(bytes[position + 1]) - 2)
        position += 2
        guard count <= bytes.count - position else {
            throw Self.refusal("it ends within segment 0xFF\(Self.hex(marker)), which should hold \(count) bytes at \(position)")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func readFrame(_ segment: ArraySlice<UInt8>, _ marker: UInt8) throws(PictureError) {
        let content = Array(segment)
        guard content.count >= 6, (content.count - 6) % 3 == 0 else { throw Self.refusal("its frame header is malformed") }
        guard content[0] == 8 else { throw Self.refusal("\(content[0])-bit samples are not supported, only 8-bit ones") }
        let components = Int(content[5])
        guard components == 1 || components == 3 || components == 4 else {
            throw Self.refusal("\(components) components are not supported, only 1, 3 and 4")
        }
        frame = (Int(content[3]) << 8 + Int(content[4]), Int(content[1]) << 8 + Int(content[2]), components)
        process = Int(marker) - 0xC0
    }

    private func checkQuantization(_ segment: ArraySlice<UInt8>) throws(PictureError) {
        var rest = segment
        while let first = rest.first {
            let size = first >> 4 == 0 ? 65 : 129
            guard rest.count >= size else { throw Self.refusal("a quantization table is cut short") }
            rest = rest.dropFirst(size)
        }
    }

    /// What an XMP segment begins with.
    private static let xmp = "http://ns.adobe.com/xap/1.0/\0"

    private mutating func readApplication(_ segment: ArraySlice<UInt8>, _ marker: UInt8) throws(PictureError) {
        switch marker {
        case 0xE0 where segment.starts(with: "JFIF".utf8), 0xEE where segment.starts(with: "Adobe".utf8):
            guard segment.count >= 7 else { throw Self.refusal("segment 0xFF\(Self.hex(marker)) is cut short") }
        case 0xE1 where segment.starts(with: "Exif\0\0".utf8):
            // In place: what is there already must not be copied for every further segment.
            if metadata.exif == nil { metadata.exif = [] }
            metadata.exif?.append(contentsOf: segment.dropFirst(6))
        case 0xE1 where segment.starts(with: Self.xmp.utf8):
            metadata.xmp = Array(segment.dropFirst(Self.xmp.utf8.count))
        default: break
        }
    }

    private static func refusal(_ what: String) -> PictureError { .undecodable("JPEG: \(what)") }

    private static func hex(_ byte: UInt8) -> String { String(byte, radix: 16, uppercase: true) }
}
