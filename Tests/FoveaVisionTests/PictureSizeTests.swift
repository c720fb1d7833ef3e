import Testing

@testable import FoveaVision

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
        let signature = PictureFormat.pngSignature
        let header = TestPNG.chunk("IHDR", [UInt8](repeating: 0xFF, count: 13))
        #expect(PictureDecoder.announcedPixels(signature + header) == .max)
        #expect(PictureDecoder.announcedPixels(signature + header.dropLast(5)) == 0, "cut short")
        #expect(PictureDecoder.announcedPixels(signature + TestPNG.chunk("IHDR", [0, 0, 0])) == 0, "too short")
        #expect(PictureDecoder.announcedPixels(signature) == 0)
        #expect(PictureDecoder.announcedPixels(Array(jpeg.dropLast(20))) == 0)
        #expect(PictureDecoder.announcedPixels([]) == 0 && PictureDecoder.announcedPixels(Array("GIF89a".utf8)) == 0)
    }

    private func header(_ width: Int, _ height: Int) -> [UInt8] {
        TestPNG.chunk("IHDR", TestPNG.word(width) + TestPNG.word(height) + [8, 0, 0, 0, 0])
    }

    /// What is announced is what decoding will make: the last header before the picture data, wherever it stands.
    @Test func headersMayStandAnywhereBeforeTheData() {
        let (signature, text, data) = (PictureFormat.pngSignature, TestPNG.chunk("tEXt", [97, 0, 98]), TestPNG.chunk("IDAT", [0]))
        func announced(_ parts: [UInt8]...) -> Int { PictureDecoder.announcedPixels(signature + parts.joined()) }
        #expect(announced(text, header(3000, 2000), data) == 6_000_000)
        #expect(announced(header(1, 1), header(3000, 2000), data) == 6_000_000)
        #expect(announced(header(3000, 2000), header(1, 1), data) == 1)
        #expect(announced(header(2, 3), data, header(3000, 2000)) == 6)
        #expect(announced(data, header(3000, 2000)) == 0)
        // Another chunk's content at the place where the header's sides would stand.
        #expect(announced(TestPNG.chunk("tEXt", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]), header(3000, 2000), data) == 6_000_000)
    }

    @Test(.timeLimit(.minutes(1))) func manyChunksAreWalkedSoon() {
        let many = [[UInt8]](repeating: TestPNG.chunk("teSt", []), count: 300_000).joined()
        let bytes = PictureFormat.pngSignature + many + header(7, 5) + TestPNG.chunk("IDAT", [0])
        #expect(PictureDecoder.announcedPixels(bytes) == 35)
        #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
    }
}
