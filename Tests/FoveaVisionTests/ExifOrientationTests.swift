import FoveaSystem
import Testing

@testable import FoveaVision

struct ExifOrientationTests {
    private func tiff(big: Bool, directory: Int = 8, tag: Int = 0x0112, type: Int = 3, count: Int = 1, value: Int) -> [UInt8] {
        func put(_ number: Int, _ size: Int) -> [UInt8] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            return big ? bytes.reversed() : bytes
        }
        let head: [UInt8] = big ? [0x4D, 0x4D, 0, 0x2A] : [0x49, 0x49, 0x2A, 0]
        let field = type == 3 ? put(value, 2) + [0, 0] : put(value, 4)
        return head + put(directory, 4) + put(1, 2) + put(tag, 2) + put(type, 2) + put(count, 4) + field + put(0, 4)
    }

    @Test(arguments: 1...8, [true, false]) func `both byte orders are read`(_ value: Int, _ big: Bool) {
        #expect(ExifOrientation.read(tiff(big: big, value: value)) == value)
        #expect(ExifOrientation.read(Array("Exif\0\0".utf8) + tiff(big: big, value: value)) == value)
        #expect(ExifOrientation.read(tiff(big: big, type: 4, value: value)) == value)
    }

    @Test func `what makes no sense counts as upright`() {
        let cases: [[UInt8]] = [
            [], [0x49, 0x49], Array("Exif\0\0".utf8), tiff(big: true, directory: 0xFFFF_FFFF, value: 6),
            tiff(big: false, directory: 25, value: 6),
            tiff(big: false, value: 0), tiff(big: false, value: 9), tiff(big: true, tag: 0x0113, value: 6),
            tiff(big: true, type: 4, count: 0x7FFF_FFFF, value: 0xFFFF_FFF0), tiff(big: true, type: 2, value: 6),
            tiff(big: true, count: 0, value: 6),
        ]
        for exif in cases { #expect(PictureMetadata(exif: exif, xmp: nil).orientation == 1, "\(exif)") }
        for length in 0..<tiff(big: true, value: 6).count - 4 {
            #expect(ExifOrientation.read(Array(tiff(big: true, value: 6)[..<length])) ?? 1 == (length >= 22 ? 6 : 1), "\(length)")
        }
    }

    /// An entry, big-endian.
    private func entry(_ tag: Int, type: Int, count: Int, value: Int) -> [UInt8] {
        Array(TestPNG.word(tag << 16 | type)) + TestPNG.word(count) + TestPNG.word(value)
    }

    private func read(_ entries: [UInt8]..., then content: String = "") -> Int? {
        let head: [UInt8] = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, UInt8(entries.count)]
        return ExifOrientation.read(head + entries.joined() + [0, 0, 0, 0] + content.utf8)
    }

    /// What is expected is what Pillow 13 reads from the same bytes.
    @Test func `an entry whose values are cut off hides those behind it`() {
        let six = entry(0x112, type: 3, count: 1, value: 6 << 16)
        #expect(read(entry(0x10F, type: 2, count: 8, value: 38), six, then: "maker   ") == 6)
        #expect(read(entry(0x10F, type: 2, count: 8, value: 38), six, then: "maker") == nil)
        #expect(read(entry(0x10F, type: 2, count: 8, value: 9000), six) == nil)
        #expect(read(entry(0x10F, type: 2, count: 8, value: 0xFFFF_FFFF), six) == nil)
        #expect(read(six, entry(0x10F, type: 2, count: 8, value: 9000)) == 6)
        #expect(read(entry(0x112, type: 3, count: 4, value: 9000), six) == nil)
        // What cannot be cut off, for it is not read: of an unknown type, without values, within the entry, there already, or more than the data hold.
        #expect(read(entry(0x10F, type: 99, count: 8, value: 9000), six) == 6)
        #expect(read(entry(0x10F, type: 2, count: 0, value: 9000), six) == 6)
        #expect(read(entry(0x10F, type: 2, count: 4, value: 9000), six) == 6)
        #expect(read(entry(0x10F, type: 2, count: 3, value: 0), entry(0x10F, type: 2, count: 8, value: 9000), six) == 6)
        #expect(read(entry(0x10F, type: 99, count: 3, value: 0), entry(0x10F, type: 2, count: 8, value: 9000), six) == nil)
        #expect(read(entry(0x10F, type: 2, count: 9000, value: 8), six) == 6)
        #expect(read(entry(0x10F, type: 2, count: 30, value: 4), entry(0x110, type: 2, count: 30, value: 9000), six) == 6)
        #expect(read(entry(0x112, type: 3, count: 0, value: 0), six) == 6)
    }

    @Test func `whole numbers of any type are read`() {
        #expect(read(entry(0x112, type: 9, count: 1, value: 6)) == 6)
        #expect(read(entry(0x112, type: 13, count: 1, value: 6)) == 6)
        #expect(read(entry(0x112, type: 16, count: 1, value: 26), then: "\0\0\0\0\0\0\0\u{6}") == 6)
        #expect(read(entry(0x112, type: 3, count: 4, value: 26), then: "\0\u{6}\0\u{3}\0\0\0\0") == 6)
        #expect(read(entry(0x112, type: 1, count: 1, value: 6 << 24)) == 1)
    }

    @Test func `XMP is asked where EXIF is silent`() {
        let attribute = Array(#"<rdf:Description tiff:Orientation="6"/>"#.utf8)
        let element = Array("tiff:Orientation tiff:Orientation> <tiff:Orientation>8</tiff:Orientation>".utf8)
        #expect(PictureMetadata(exif: nil, xmp: attribute).orientation == 6)
        #expect(PictureMetadata(exif: nil, xmp: element).orientation == 8)
        #expect(PictureMetadata(exif: tiff(big: true, value: 3), xmp: attribute).orientation == 3)
        #expect(PictureMetadata(exif: nil, xmp: Array("tiff:Orientation=\"x".utf8)).orientation == 1)
    }

    @Test func `the setting decides whether a picture is turned`() throws {
        let bytes = try Fixtures.picture("made__exif-6.jpg")
        let turned = try PictureDecoder().decode(bytes), stored = try PictureDecoder(orientation: .ignore).decode(bytes)
        #expect((turned.upright.width, turned.upright.height, turned.orientation) == (14, 23, 6))
        #expect((stored.upright.width, stored.upright.height, stored.orientation) == (23, 14, 1))
        #expect(stored.upright.transposed(orientation: 6) == turned.upright)
    }

    @Test func `transposing both ways gives the picture back, past the size of a tile`() {
        var generator = SplitMix64(seed: 3)
        for channels in [1, 3] {
            let picture = Picture.random(width: 70, height: 45, channels: channels, &generator)
            for (there, back) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 8), (7, 7), (8, 6)] {
                #expect(picture.transposed(orientation: there).transposed(orientation: back) == picture)
            }
        }
    }
}
