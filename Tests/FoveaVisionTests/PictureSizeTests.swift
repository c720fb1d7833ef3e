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

    /// A JPEG of three components up to its first scan, which holds so many of them; the first component is sampled as `sampling` says.
    private func colour(_ width: UInt8, _ height: UInt8, process: UInt8, sampling: UInt8 = 0x11, scan: UInt8 = 3) -> [UInt8] {
        let frame: [UInt8] = [0xFF, process, 0, 17, 8, 0, height, 0, width, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0]
        let components: [UInt8] = (1...scan).flatMap { [$0, 0] }
        // A progressive file's first scan is of the mean values alone.
        let last: UInt8 = process == 0xC2 ? 0 : 63
        let scan: [UInt8] = [0xFF, 0xDA, 0, 6 + 2 * scan, scan] + components + [0, last, 0]
        return [0xFF, 0xD8] + frame + scan
    }

    @Test func whatDecodingHoldsIsToldByTheHeader() throws {
        let upright = PictureDecoder(orientation: .ignore)
        #expect(upright.peakBytes(jpeg) == 7 * 5)
        #expect(upright.peakBytes(colour(16, 16, process: 0xC0)) == 3 * 256)
        // The coefficients of several scans, of two bytes, in whole blocks and in as many as the sampling factors go into.
        let gathered = 3 * 256 + 2 * 3 * 256
        #expect(upright.peakBytes(colour(16, 16, process: 0xC2)) == gathered)
        #expect(upright.peakBytes(colour(16, 16, process: 0xC0, scan: 1)) == gathered)
        #expect(upright.peakBytes(colour(17, 17, process: 0xC2, sampling: 0x22)) == 3 * 17 * 17 + 2 * 64 * (4 * 4 + 2 * 2 * 2))
        // A picture that is turned is there twice.
        let turned = try Fixtures.picture("made__exif-6.jpg")
        #expect(PictureDecoder().peakBytes(turned) == 2 * 3 * 23 * 14)
        #expect(upright.peakBytes(turned) == 3 * 23 * 14)
        #expect(PictureDecoder().peakBytes(try Fixtures.picture("made__exif-1.jpg")) == 3 * 23 * 14)
        let progressive = try Fixtures.picture("made__progressive-444.jpg")
        #expect(PictureDecoder().peakBytes(progressive) >= 3 * 3 * PictureDecoder.announcedPixels(progressive))
    }

    /// Adam7 and 16 bits cost nothing; whether a PNG is turned may stand behind its data.
    @Test func aPNGHoldsNothingButItself() throws {
        for (name, channels) in [("basi6a16", 3), ("basn2c08", 3), ("basi4a16", 1), ("basi0g01", 1), ("basn3p04", 3)] {
            let bytes = try Fixtures.picture("pngsuite__\(name).png")
            #expect(PictureDecoder(orientation: .ignore).peakBytes(bytes) == channels * 32 * 32, "\(name)")
            #expect(PictureDecoder().peakBytes(bytes) == 2 * channels * 32 * 32, "\(name)")
        }
    }

    @Test func whatIsRefusedByItsHeaderHoldsNothing() throws {
        let picture = try Fixtures.picture("pngsuite__basi6a16.png")
        #expect(PictureDecoder(maxPixels: 1024).peakBytes(picture) > 0 && PictureDecoder(maxPixels: 1023).peakBytes(picture) == 0)
        let header = TestPNG.chunk("IHDR", [UInt8](repeating: 0xFF, count: 13))
        #expect(PictureDecoder().peakBytes(PictureFormat.pngSignature + header) == 0)
        #expect(PictureDecoder().peakBytes(try Fixtures.picture("jpeg-decoder__max_size.jpg")) == 0)
        #expect(PictureDecoder().peakBytes(Array(jpeg.dropLast(20))) == 0)
        #expect(PictureDecoder().peakBytes([]) == 0 && PictureDecoder().peakBytes(Array("GIF89a".utf8)) == 0)
    }

    @Test(.timeLimit(.minutes(1))) func manyChunksAreWalkedSoon() {
        let many = [[UInt8]](repeating: TestPNG.chunk("teSt", []), count: 300_000).joined()
        let bytes = PictureFormat.pngSignature + many + header(7, 5) + TestPNG.chunk("IDAT", [0])
        #expect(PictureDecoder.announcedPixels(bytes) == 35)
        #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
    }
}
