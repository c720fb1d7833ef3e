import CFoveaPNG

/// PNG by libpng, with Pillow's notion of what counts as a file (`PNGChunks`) and of what its pixels are.
///
/// Alpha and transparent colours are dropped, not composed: what lies under them shows. 16-bit grey is clipped to 8 bits, not scaled
/// (Pillow's mode I;16), so most such pictures turn white; 16-bit colour and grey with alpha keep their high bytes.
enum PNGDecoder {
    static func decode(_ bytes: [UInt8], maxPixels: Int) throws(PictureError) -> (Picture, PictureMetadata) {
        let chunks = try PNGChunks(bytes, maxPixels: maxPixels)
        guard let header = chunks.header else { throw .undecodable("PNG: it has no header (IHDR)") }
        let palette = try paletteEntries(chunks)
        let count = header.width * header.height * header.channels
        var status = FOVEA_PNG_OK
        var words = [CChar](repeating: 0, count: 256)
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            status = bytes.withUnsafeBufferPointer { bytes in
                chunks.data.withUnsafeBufferPointer { slices in
                    var source = fovea_png_source()
                    source.width = UInt32(header.width)
                    source.height = UInt32(header.height)
                    source.bit_depth = header.bitDepth
                    source.color_type = header.colorType
                    source.interlaced = header.interlaced ? 1 : 0
                    withUnsafeMutableBytes(of: &source.palette) { $0.copyBytes(from: palette) }
                    source.bytes = bytes.baseAddress
                    source.slices = slices.baseAddress
                    source.slice_count = slices.count
                    return fovea_png_decode(&source, buffer.baseAddress, &words)
                }
            }
            written = status == FOVEA_PNG_OK ? count : 0
        }
        switch status {
        case FOVEA_PNG_OK: return (Picture(unchecked: header.width, header.height, header.channels, pixels), chunks.metadata)
        case FOVEA_PNG_TRUNCATED: throw .undecodable("PNG: the file is truncated; its data end before the last row")
        case FOVEA_PNG_NO_MEMORY: throw .undecodable("PNG: no memory for \(header.width)×\(header.height) pixels")
        default:
            let text = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw .undecodable("PNG: the data are corrupt (\(text))")
        }
    }

    /// 256 RGB entries. Those that the file leaves out, or gives in part, are black, as in Pillow.
    private static func paletteEntries(_ chunks: PNGChunks) throws(PictureError) -> [UInt8] {
        var entries = [UInt8](repeating: 0, count: 768)
        if let palette = chunks.palette {
            let whole = palette.prefix(palette.count / 3 * 3)
            guard whole.count <= entries.count else {
                throw .undecodable("PNG: its palette has \(whole.count / 3) colours; 256 are the most")
            }
            entries.replaceSubrange(0..<whole.count, with: whole)
        }
        return entries
    }
}
