import FoveaSystem
import Testing

@testable import FoveaVision

/// Bytes that mean no good. The server must answer each with an error of the right kind and go on.
struct HostileInputTests {
    @Test(arguments: ["", "hello, this is no picture", "GIF89a....", "<html><body>", "\u{FF}\u{D8}"])
    func `what is neither JPEG nor PNG is unsupported`(_ text: String) throws {
        let error = #expect(throws: PictureError.self) { try PictureDecoder().decode(Array(text.utf8)) }
        guard case .unsupported(let detail)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains(text.isEmpty ? "empty" : "neither JPEG nor PNG"))
    }

    @Test func `a PNG header of 60,000 × 60,000 names pixels and limit`() throws {
        var bytes = PictureFormat.pngSignature
        bytes +=
            TestPNG.chunk("IHDR", TestPNG.word(60_000) + TestPNG.word(60_000) + [8, 2, 0, 0, 0])
            + TestPNG.chunk("IDAT", [0x78, 0x9C, 3, 0])
        let error = #expect(throws: PictureError.self) { try PictureDecoder(maxPixels: 40_000_000).decode(bytes) }
        guard case .undecodable(let detail)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains("60000×60000") && detail.contains("3600000000") && detail.contains("40000000"))
    }

    @Test func `a side beyond the limit is refused, however thin the picture`() throws {
        let header: [UInt8] = TestPNG.word(40_000_000) + TestPNG.word(1) + [8, 0, 0, 0, 0]
        let bytes = PictureFormat.pngSignature + TestPNG.chunk("IHDR", header) + TestPNG.chunk("IDAT", [0x78, 0x9C, 3, 0])
        let error = #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
        #expect(error?.detail.contains("40000000×1 pixels; a side may have 1000000 at most") == true)
    }

    @Test func `a JPEG header of 65,535 × 65,535 names pixels and limit`() throws {
        let bytes = try Fixtures.picture("jpeg-decoder__max_size.jpg")
        let error = #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
        #expect(error?.detail.contains("4294836225") == true)
    }

    @Test func `a header that promises more than the file holds is truncated`() throws {
        var bytes = PictureFormat.pngSignature
        bytes +=
            TestPNG.chunk("IHDR", TestPNG.word(4000) + TestPNG.word(4000) + [8, 6, 0, 0, 1])
            + TestPNG.chunk("IDAT", [0x78, 0x9C, 0x63, 0, 0]) + TestPNG.chunk("IEND", [])
        let error = #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
        #expect(error?.detail.contains("truncated") == true)
    }

    @Test(arguments: [
        "made__grey-16-bit.png", "pngsuite__basi6a08.png", "made__baseline-420.jpg", "made__progressive-420.jpg", "made__exif-6.jpg",
    ])
    func `files cut anywhere are refused unless every row is there`(_ name: String) throws {
        let whole = try Fixtures.picture(name)
        let picture = try PictureDecoder().decode(whole).upright
        for length in stride(from: 0, to: whole.count, by: whole.count > 2000 ? 50 : 7) {
            // Only the end may be missing: the last rows' data come last.
            if let survivor = try? PictureDecoder().decode(Array(whole[..<length])) {
                #expect(survivor.upright == picture && length > whole.count - 30, "\(length) of \(whole.count) bytes")
            }
        }
    }

    @Test(arguments: [
        "pngsuite__basi3p08.png", "pngsuite__tbbn2c16.png", "made__progressive-422.jpg", "made__cmyk.jpg", "made__exif-6.jpg",
        "made__exif-5.png",
    ])
    func `flipped bytes never crash`(_ name: String) throws {
        let whole = try Fixtures.picture(name)
        var generator = SplitMix64(seed: 2_026)
        let preprocessor = try Preprocessor(height: 8, width: 8, maxPixels: 100_000)
        for _ in 0..<60 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            if let decoded = try? preprocessor.decode(bytes) {
                let prepared = preprocessor.prepare(decoded)
                #expect(prepared.values.count == 3 * 8 * 8 && prepared.values.allSatisfy(\.isFinite))
            }
        }
    }

    @Test func `a progressive file that repeats a scan is bounded`() throws {
        let bytes = try Fixtures.picture("made__progressive-444.jpg")
        #expect(throws: Never.self) { try JPEGDecoder.decode(bytes, maxPixels: 1_000_000, maxScans: 20) }
        let error = #expect(throws: PictureError.self) { try JPEGDecoder.decode(bytes, maxPixels: 1_000_000, maxScans: 3) }
        #expect(error?.detail.contains("more than 3 scans") == true)
        #expect([1, 12_000_000, 89_000_000].map(JPEGDecoder.scanLimit) == [100, 83, 20])
    }

    /// Were each to copy all before it, these segments would take an hour.
    @Test(.timeLimit(.minutes(1))) func `EXIF in hundreds of thousands of segments is gathered once`() throws {
        let segment: [UInt8] = [0xFF, 0xE1, 0, 9] + Array("Exif\0\0".utf8) + [7]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 2]
        let markers = try JPEGMarkers([0xFF, 0xD8] + [[UInt8]](repeating: segment, count: 400_000).joined() + scan)
        #expect(markers.metadata.exif == [UInt8](repeating: 7, count: 400_000))
        // What is split over two segments is one, and a segment without content is none the less EXIF.
        let empty: [UInt8] = [0xFF, 0xE1, 0, 8] + Array("Exif\0\0".utf8)
        #expect(try JPEGMarkers([0xFF, 0xD8] + segment + empty + segment + scan).metadata.exif == [7, 7])
        #expect(try JPEGMarkers([0xFF, 0xD8] + empty + scan).metadata.exif == [])
        #expect(try JPEGMarkers([0xFF, 0xD8] + scan).metadata.exif == nil)
    }

    @Test func `a transparency chunk or an unknown one with a wrong checksum before the data is refused, after them not`() throws {
        let whole = try Fixtures.picture("pngsuite__basn2c08.png")
        let extra = TestPNG.chunk("teSt", [1, 2, 3])
        var broken = extra
        broken[broken.count - 1] ^= 1
        let end = whole.count - 12
        #expect(throws: Never.self) { try PictureDecoder().decode(Array(whole[..<33] + extra + whole[33...])) }
        #expect(throws: PictureError.self) { try PictureDecoder().decode(Array(whole[..<33] + broken + whole[33...])) }
        #expect(throws: Never.self) { try PictureDecoder().decode(Array(whole[..<end] + broken + whole[end...])) }
        #expect(throws: PictureError.self) { try PictureDecoder().decode(Array(whole[..<end] + extra[..<9])) }
    }
}
