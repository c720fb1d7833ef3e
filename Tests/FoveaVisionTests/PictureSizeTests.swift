import FoveaVision
import Testing

@Suite struct PictureSizeTests {
    /// A baseline JPEG of 7×5 grey pixels, up to its first scan.
    private let jpeg: [UInt8] = [
        0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 5, 0, 7, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
    ]

    @Test func theHeaderTellsThePixels() throws {
        let picture = try #require(Picture(width: 7, height: 5, channels: 1, pixels: [UInt8](repeating: 9, count: 35)))
        #expect(PictureDecoder.announcedPixels(try PNGEncoder.encode(picture)) == 35)
        #expect(PictureDecoder.announcedPixels(jpeg) == 35)
    }

    @Test func aHeaderMayAnnounceAnything() {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
        #expect(PictureDecoder.announcedPixels(signature + [UInt8](repeating: 0xFF, count: 8)) == .max)
        #expect(PictureDecoder.announcedPixels(signature + [UInt8](repeating: 0, count: 7)) == 0, "cut short")
        #expect(PictureDecoder.announcedPixels(Array(jpeg.dropLast(20))) == 0)
        #expect(PictureDecoder.announcedPixels([]) == 0 && PictureDecoder.announcedPixels(Array("GIF89a".utf8)) == 0)
    }
}
