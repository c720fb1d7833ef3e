import CFoveaJPEG

/// JPEG by libjpeg-turbo with its default settings (ISLOW, fancy upsampling), as Pillow's JpegDecode.c uses it: data that ends early is
/// refused, mere warnings are not, four components are Adobe's inverted CMYK.
enum JPEGDecoder {
    /// How many scans a file may have. Encoders write 10 or so; a hostile file adds 150 bytes for each, and each costs a walk over the whole
    /// picture, about 0.2 s for 90 million pixels. So large pictures get 20, small ones up to 100.
    static func scanLimit(pixels: Int) -> Int { min(100, max(20, 1_000_000_000 / max(1, pixels))) }

    /// The bytes that decoding holds at its most, and those of the picture in it, by what the header says; nil where there is none.
    static func announcedBytes(_ bytes: [UInt8]) -> (peak: Int, picture: Int)? {
        var info = fovea_jpeg_info()
        guard fovea_jpeg_read_header(bytes, bytes.count, &info) == FOVEA_JPEG_OK else { return nil }
        let picture = Int(info.width) * Int(info.height) * (info.components == 1 ? 1 : 3)
        return (picture + Int(info.coefficients), picture)
    }

    /// - Parameter maxScans: a limit in place of `scanLimit`.
    static func decode(_ bytes: [UInt8], maxPixels: Int, maxScans: Int? = nil) throws(PictureError) -> (Picture, PictureMetadata) {
        let markers = try JPEGMarkers(bytes)
        guard let frame = markers.frame else { throw .undecodable("JPEG: picture data come before any frame header") }
        try PictureFormat.jpeg.checkSize(frame.width, frame.height, maxPixels: maxPixels)

        let maxScans = maxScans ?? scanLimit(pixels: frame.width * frame.height)
        var info = fovea_jpeg_info()
        try check(fovea_jpeg_read_header(bytes, bytes.count, &info), info, markers, maxScans)
        let (width, height, components) = (Int(info.width), Int(info.height), Int(info.components))
        guard width == frame.width, height == frame.height, components == frame.components else {
            throw .undecodable("JPEG: it has two frame headers that differ")
        }
        var status = FOVEA_JPEG_OK
        let channels = components == 1 ? 1 : 3
        let count = width * height * channels
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            status = fovea_jpeg_decode(bytes, bytes.count, Int32(maxScans), &info, buffer.baseAddress)
            written = status == FOVEA_JPEG_OK ? count : 0
        }
        try check(status, info, markers, maxScans)
        return (Picture(unchecked: width, height, channels, pixels), markers.metadata)
    }

    private static func check(
        _ status: fovea_jpeg_status, _ info: fovea_jpeg_info, _ markers: JPEGMarkers, _ maxScans: Int
    ) throws(PictureError) {
        switch status {
        case FOVEA_JPEG_OK: return
        case FOVEA_JPEG_TRUNCATED: throw .undecodable("JPEG: the file is truncated; its data end before the last row")
        case FOVEA_JPEG_TOO_MANY_SCANS: throw .undecodable("JPEG: it has more than \(maxScans) scans, the limit")
        default:
            // The words of libjpeg for the lossless and hierarchical processes are a bare marker number.
            if [3, 5, 6, 7, 11, 13, 14, 15].contains(markers.process) {
                let kind = [3, 7, 11, 15].contains(markers.process) ? "lossless" : "hierarchical"
                throw .undecodable("JPEG: the \(kind) process (SOF\(markers.process)) is not supported, only baseline and progressive")
            }
            let words = withUnsafeBytes(of: info.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw .undecodable("JPEG: the data are corrupt (\(words))")
        }
    }
}
