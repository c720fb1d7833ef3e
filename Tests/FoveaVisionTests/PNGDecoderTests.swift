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

    /// Grey rows in a stored (uncompressed) block.
    private func data(_ rows: [[UInt8]]) -> [UInt8] {
        let content = Array(rows.map { [0] + $0 }.joined())
        let count = UInt8(content.count)
        return TestPNG.chunk("IDAT", [0x78, 0x01, 0x01, count, 0, ~count, 0xFF] + content + adler(content))
    }

    private func header(
        _ width: Int, _ height: Int, depth: UInt8 = 8, type: UInt8 = 0, filter: UInt8 = 0, interlaced: UInt8 = 0
    ) -> [UInt8] {
        TestPNG.chunk("IHDR", TestPNG.word(width) + TestPNG.word(height) + [depth, type, 0, filter, interlaced])
    }

    private func decode(_ chunks: [UInt8]...) throws -> Picture {
        let bytes = PictureFormat.pngSignature + Array(chunks.joined()) + TestPNG.chunk("IEND", [])
        return try PictureDecoder(maxPixels: 1000).decode(bytes).upright
    }

    /// What is expected is what Pillow 13 makes of the same bytes.
    @Test func `the last header before the data counts, and none behind them`() throws {
        let rows = data([[1, 2], [3, 4]])
        let text = TestPNG.chunk("tEXt", [97, 0, 98])
        let whole = Picture(unchecked: 2, 2, 1, [1, 2, 3, 4])
        for picture in [
            try decode(text, header(2, 2), rows), try decode(header(1, 1), header(2, 2), rows),
            try decode(header(2, 2), rows, header(1, 1)),
            try decode(header(2, 2), rows, header(60_000, 60_000)), try decode(header(2, 2), rows, header(0, 0)),
            try decode(header(2, 2), rows, header(1, 1, depth: 3, type: 7)), try decode(header(2, 2), rows, text, rows, header(1, 1)),
            // By the type of the header behind the picture, a byte of transparency is enough.
            try decode(header(2, 2), rows, header(1, 1, type: 3), TestPNG.chunk("tRNS", [1])),
        ] {
            #expect(picture == whole)
        }
        #expect(try decode(header(2, 2), header(1, 1), rows) == Picture(unchecked: 1, 1, 1, [1]))
        let transparent = TestPNG.chunk("tRNS", [1, 2])
        #expect(try decode(header(2, 2), rows, transparent) == whole)
        for refused in [
            [header(2, 2), rows, header(1, 1, filter: 1)], [header(2, 2), rows, TestPNG.chunk("IHDR", [1, 2, 3])],
            [header(2, 2), header(0, 2), rows], [header(2, 2), header(60_000, 60_000), rows], [rows, header(2, 2)],
            [header(2, 2, interlaced: 1), header(2, 2), rows], [header(2, 2), rows, header(1, 1, type: 2), transparent],
        ] {
            #expect(throws: PictureError.self) { try decode(Array(refused.joined())) }
        }
    }

    @Test func `a palette behind the data, or before its header, colours nothing`() throws {
        let (indices, palette) = (data([[1, 2]]), TestPNG.chunk("PLTE", Array(10..<22)))
        let coloured = Picture(unchecked: 2, 1, 3, Array(13..<19))
        #expect(try decode(header(2, 1, type: 3), palette, indices) == coloured)
        #expect(try decode(header(2, 1, type: 3), palette, indices, TestPNG.chunk("PLTE", [UInt8](repeating: 255, count: 12))) == coloured)
        #expect(try decode(header(2, 1, type: 3), palette, indices, TestPNG.chunk("PLTE", [UInt8](repeating: 255, count: 771))) == coloured)
        let black = Picture(unchecked: 2, 1, 3, [UInt8](repeating: 0, count: 6))
        #expect(try decode(header(2, 1, type: 3), indices, palette) == black)
        #expect(try decode(palette, header(2, 1, type: 3), indices) == black)
        #expect(throws: PictureError.self) { try decode(header(2, 1, type: 3), palette, header(1, 1), data([[1]])) }
    }

    /// What is expected is what Pillow 13 makes of the same bytes.
    @Test func `of an animation the first picture is read, and what stands behind it is not`() throws {
        let rows = data([[1, 2]])
        let exif: [UInt8] = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let turn = TestPNG.chunk("eXIf", exif)
        func frames(_ count: Int) -> [UInt8] { TestPNG.chunk("acTL", TestPNG.word(count) + TestPNG.word(0)) }
        func frame(_ number: Int) -> [UInt8] {
            let rectangle = TestPNG.word(2) + TestPNG.word(1) + TestPNG.word(0) + TestPNG.word(0)
            return TestPNG.chunk("fcTL", TestPNG.word(number) + rectangle + [0, 1, 0, 1, 0, 0])
        }
        func decode(_ chunks: [UInt8]...) throws -> Picture {
            try PictureDecoder().decode(PictureFormat.pngSignature + header(2, 1) + chunks.joined()).upright
        }
        let cut = Array(TestPNG.chunk("fdAT", TestPNG.word(2) + [1, 2, 3, 4]).prefix(10))
        let (lying, standing) = (Picture(unchecked: 2, 1, 1, [1, 2]), Picture(unchecked: 1, 2, 1, [1, 2]))
        #expect(try decode(frames(2), frame(0), rows, frame(1), cut) == lying)
        #expect(try decode(frames(2), frame(0), rows, Array(frame(1).prefix(12))) == lying)
        #expect(try decode(frames(2), frame(0), rows, frame(1), turn) == lying)
        #expect(try decode(frames(2), frame(0), rows, turn, frame(1), cut) == standing)
        // A picture that is none of the frames is one more.
        #expect(try decode(frames(1), rows, frame(0), cut) == lying)
        #expect(try decode(frames(2), frames(2), frames(2), frame(0), rows, frame(1), cut) == lying)
        // No animations: one frame, none announced, one announced twice or behind the picture.
        #expect(throws: PictureError.self) { try decode(frames(1), frame(0), rows, frame(1), cut) }
        #expect(throws: PictureError.self) { try decode(frames(0), frame(0), rows, frame(1), cut) }
        #expect(throws: PictureError.self) { try decode(frames(2), frames(2), frame(0), rows, frame(1), cut) }
        #expect(throws: PictureError.self) { try decode(rows, frame(0), cut) }
        #expect(throws: PictureError.self) { try decode(rows, frames(2), frame(0), cut) }
        #expect(try decode(frames(1), frame(0), rows, frame(1), turn) == standing)
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
