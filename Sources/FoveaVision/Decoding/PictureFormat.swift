/// What a picture's first bytes say it is. Names and media types sent along are not asked.
public enum PictureFormat: String, Sendable, Hashable {
    case jpeg = "JPEG"
    case png = "PNG"

    static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The format of encoded bytes.
    ///
    /// - Throws: `PictureError.unsupported` for everything else, naming the format where its first bytes are known.
    public init(of bytes: [UInt8]) throws(PictureError) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: Self.pngSignature) {
            self = .png
        } else {
            throw .unsupported(Self.complaint(about: bytes))
        }
    }

    private static func complaint(about bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "the picture is empty (0 bytes); send a JPEG or PNG file" }
        func starts(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        let guess: String? =
            if starts("GIF8") {
                "GIF"
            } else if starts("RIFF"), starts("WEBP", at: 8) {
                "WebP"
            } else if starts("ftypavif", at: 4) || starts("ftypavis", at: 4) {
                "AVIF"
            } else if starts("ftyp", at: 4) {
                "HEIF or video"
            } else if starts("BM") {
                "BMP"
            } else if starts("II*\0") || starts("MM\0*") {
                "TIFF"
            } else if starts("%PDF") {
                "PDF"
            } else if bytes.starts(with: [0xFF, 0x0A]) || starts("JXL ", at: 4) {
                "JPEG XL"
            } else if bytes.prefix(64).allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || (32..<127).contains($0) }) {
                "text"
            } else {
                nil
            }
        let found = guess.map { "it looks like \($0)" } ?? "its first bytes are those of neither"
        return "the picture (\(bytes.count) bytes) is neither JPEG nor PNG: \(found); send one of these two"
    }
}
