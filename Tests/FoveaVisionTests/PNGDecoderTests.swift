import Testing

@testable import FoveaVision

struct PNGDecoderTests {
    /// A PNG of one row of eight palette indices 0 to 7, in a stored (uncompressed) block.
    private func indexed(palette: [UInt8]?) -> [UInt8] {
        let row: [UInt8] = [0, 0, 1, 2, 3, 4, 5, 6, 7]
        let stored: [UInt8] = [0x78, 0x01, 0x01, 9, 0, 0xF6, 0xFF] + row + adler(row)
        let header: [UInt8] = TestPNG.word(8) + TestPNG.word(1) + [8, 3, 0, 0, 0]
        return PictureFormat.pngSignature + TestPNG.chunk("IHDR", header) + (palette.map { TestPNG.chunk("PLTE", $0) } ?? [])
            + TestPNG.chunk("IDAT", stored) + TestPNG.chunk("IEND", [])
    }

    /// zlib's checksum (RFC 1950, section 8.2).
    private func adler(_ bytes: [UInt8]) -> [UInt8] {
        let (a, b) = bytes.reduce((1, 0)) { sums, byte in ((sums.0 + Int(byte)) % 65521, (sums.1 + sums.0 + Int(byte)) % 65521) }
        return TestPNG.word(b << 16 | a)
    }

    @Test func `colours that the palette lacks are black, as in Pillow`() throws {
        let black = [UInt8](repeating: 0, count: 24)
        #expect(try PictureDecoder().decode(indexed(palette: nil)).upright.pixels == black)
        #expect(try PictureDecoder().decode(indexed(palette: [])).upright.pixels == black)
        let two: [UInt8] = [9, 8, 7, 6, 5, 4]
        #expect(try PictureDecoder().decode(indexed(palette: two)).upright.pixels == two + black.dropFirst(6))
        #expect(try PictureDecoder().decode(indexed(palette: two + [3])).upright.pixels == two + black.dropFirst(6))
        #expect(try PictureDecoder().decode(indexed(palette: [UInt8](repeating: 1, count: 769))).upright.pixels == black.map { _ in 1 })
        #expect(throws: PictureError.self) { try PictureDecoder().decode(indexed(palette: [UInt8](repeating: 1, count: 771))) }
    }

    @Test func `16-bit grey is clipped, not scaled, as in Pillow`() throws {
        let picture = try PictureDecoder().decode(Fixtures.picture("made__grey-16-bit.png")).upright
        #expect(picture.channels == 1)
        #expect(picture.pixels[3] == 1 && picture.pixels[100] == 255)
    }
}

/// Parts of hand-made PNG files.
enum TestPNG {
    static func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return word(content.count) + body + word(Int(CRC32.of(body[...])))
    }
}
