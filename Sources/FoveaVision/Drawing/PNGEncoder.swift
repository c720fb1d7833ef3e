import CFoveaPNG

/// Pictures to PNG files, 8 bits a channel, by libpng.
public enum PNGEncoder {
    /// The bytes of a PNG file.
    ///
    /// - Parameter compression: zlib's level, 0 (none) to 9; 6 is zlib's own default.
    /// - Throws: `PictureError.undecodable` where libpng refuses the picture or no memory is left.
    public static func encode(_ picture: Picture, compression: Int = 6) throws(PictureError) -> [UInt8] {
        var words = [CChar](repeating: 0, count: 256)
        var encoded: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height) else {
            throw .undecodable("PNG: \(picture.width)×\(picture.height) pixels are more than the format can hold")
        }
        let level = Int32(min(max(compression, 0), 9))
        let status = fovea_png_encode(picture.pixels, width, height, Int32(picture.channels), level, &encoded, &count, &words)
        guard status == FOVEA_PNG_OK, let encoded else {
            let text = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw .undecodable("PNG: encoding failed (\(text.isEmpty ? "no memory" : text))")
        }
        defer { fovea_png_free(encoded) }
        return Array(UnsafeBufferPointer(start: encoded, count: count))
    }
}
