import CFoveaPNG

/// What a PNG file's texts say of its picture (PNG specification, 11.3.3), by the rules of Pillow's PngImagePlugin.py and `Image.getexif`.
///
/// Every compressed text is inflated, whatever its keyword, since Pillow refuses a file for any that is too large; one is held at a time,
/// and what is kept are the few that may tell the orientation, the last of each.
struct PNGText {
    /// The most bytes that a compressed text may become: Pillow's `MAX_TEXT_CHUNK`.
    static let maxText = 1 << 20
    /// The most characters that all texts of a file may have: Pillow's `MAX_TEXT_MEMORY`.
    static let maxCharacters = 64 << 20

    /// Raw EXIF: the chunk eXIf, or a plain text under Pillow's own keyword.
    private var exif: [UInt8]?
    /// EXIF in hexadecimal digits.
    private var profile: [UInt8]?
    /// XMP as a text, and as the bytes of an international one, which need not be UTF-8.
    private var packet, rawPacket: [UInt8]?
    private var characters = 0
    /// Bytes that were inflated, of texts that are not kept too.
    private var inflatedBytes = 0

    /// EXIF by its chunk or else by a text; XMP.
    var metadata: PictureMetadata {
        let isPacket = packet.map { !$0.isEmpty } ?? false
        return PictureMetadata(exif: exif ?? profile.map(Self.bytes(ofProfile:)), xmp: isPacket ? packet : rawPacket)
    }

    /// eXIf: a TIFF structure.
    mutating func takeEXIF(_ content: ArraySlice<UInt8>) {
        exif = Array(content)
    }

    /// tEXt: keyword, 0, text.
    mutating func takePlain(_ content: ArraySlice<UInt8>) throws(PictureError) {
        let parts = Self.parts(content, 2)
        let text = parts.count == 2 ? parts[1] : []
        if parts[0].elementsEqual("exif".utf8) { exif = Array(text) }
        try keep(text, parts[0], characters: text.count)
    }

    /// zTXt: keyword, 0, compression method, zlib stream.
    mutating func takeCompressed(_ content: ArraySlice<UInt8>) throws(PictureError) {
        let parts = Self.parts(content, 2)
        let stream = parts.count == 2 ? parts[1] : []
        if let method = stream.first, method != 0 {
            throw Self.refusal("the compression method of a text (zTXt) is \(method); PNG has only 0")
        }
        // A corrupt text counts as an empty one.
        let inflated = try inflate(stream.dropFirst())
        let text = inflated ?? []
        try keep(text[...], parts[0], characters: text.count)
    }

    /// iTXt: keyword, 0, compression flag and method, language, 0, translated keyword, 0, text. What is malformed is left out.
    mutating func takeInternational(_ content: ArraySlice<UInt8>) throws(PictureError) {
        let parts = Self.parts(content, 2)
        guard parts.count == 2, parts[1].count >= 2 else { return }
        let (keyword, flags) = (parts[0], Array(parts[1].prefix(2)))
        let rest = Self.parts(parts[1].dropFirst(2), 3)
        guard rest.count == 3 else { return }
        var text = rest[2]
        if flags[0] != 0 {
            guard flags[1] == 0, let inflated = try inflate(text) else { return }
            text = inflated[...]
        }
        if keyword.elementsEqual("XML:com.adobe.xmp".utf8) { rawPacket = Array(text) }
        guard String(validating: rest[0], as: UTF8.self) != nil, String(validating: rest[1], as: UTF8.self) != nil,
            let string = String(validating: text, as: UTF8.self)
        else { return }
        try keep(text, keyword, characters: string.unicodeScalars.count)
    }

    /// - Parameter count: as Python counts them: bytes of Latin-1, scalars of UTF-8.
    private mutating func keep(_ text: ArraySlice<UInt8>, _ keyword: ArraySlice<UInt8>, characters count: Int) throws(PictureError) {
        // Pillow keeps no text without a keyword.
        guard !keyword.isEmpty else { return }
        if keyword.elementsEqual("Raw profile type exif".utf8) { profile = Array(text) }
        if keyword.elementsEqual("XML:com.adobe.xmp".utf8) { packet = Array(text) }
        characters += count
        guard characters <= Self.maxCharacters else {
            throw Self.refusal("its texts have more than \(Self.maxCharacters) characters; remove them from the file")
        }
    }

    // MARK: -

    /// `bytes.split(b"\0", count - 1)` in Python.
    private static func parts(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [ArraySlice<UInt8>] {
        bytes.split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false)
    }

    /// ImageMagick's way to keep EXIF before PNG had a chunk for it: hexadecimal digits after three line feeds.
    private static func bytes(ofProfile text: [UInt8]) -> [UInt8] {
        let lines = text.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count == 4 else { return [] }
        let digits = lines[3].compactMap { byte -> UInt8? in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Refuses a file whose texts are corrupt or nameless and so take Pillow any time to inflate, once they have cost what all texts together may have.
    /// - Returns: `nil` where the stream is corrupt.
    private mutating func inflate(_ stream: ArraySlice<UInt8>) throws(PictureError) -> [UInt8]? {
        guard !stream.isEmpty else { return [] }
        // Deflate makes at most 1032 bytes of one (258 of two bits): a small text need not reserve the whole limit.
        let room = min(Self.maxText, 1032 * stream.count + 64)
        var status = FOVEA_PNG_OK
        var count = 0
        let text = stream.withUnsafeBufferPointer { stream in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
                status = fovea_png_inflate(stream.baseAddress, stream.count, buffer.baseAddress, room, &written)
                count = written
            }
        }
        // Beginning a stream costs as much as some thousand bytes do.
        inflatedBytes += max(count, 4_096)
        guard inflatedBytes <= Self.maxCharacters else {
            throw Self.refusal("its compressed texts are too many; remove them from the file")
        }
        switch status {
        case FOVEA_PNG_OK: return text
        case FOVEA_PNG_TOO_LARGE: throw Self.refusal("a compressed text is larger than \(Self.maxText) bytes; remove it from the file")
        case FOVEA_PNG_NO_MEMORY: throw Self.refusal("no memory for a compressed text")
        default: return nil
        }
    }

    private static func refusal(_ what: String) -> PictureError { .undecodable("PNG: \(what)") }
}
