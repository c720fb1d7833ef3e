import Foundation
import Testing

@testable import FoveaVision

/// Where a PNG file's texts tell its orientation. What is expected is what Pillow 13 makes of the same bytes.
struct PNGTextTests {
    /// EXIF that says 6, in ImageMagick's hexadecimal form, and XMP that says 8; each as Python's zlib packs it.
    private let profile =
        "\nexif\n      32\n4578696600004d4d002a00000008000101120003000000010006000000000000\n"
    private let packet = #"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="8"/></x:xmpmeta>"#
    private let packedProfile: [UInt8]
    private let packedPacket: [UInt8]
    private let whole: [UInt8]

    private let exifKey = Array("Raw profile type exif\0".utf8)
    private let xmpKey = Array("XML:com.adobe.xmp\0".utf8)

    init() throws {
        packedProfile = [UInt8](
            try #require(
                Data(base64Encoded: "eNrjSq3ITONSAANjIy4TU3MLM0szMwMgMEkxSTEwMEo0gAALIDY0MDQ0AtLGUDFDIDYzQAJcAJsuD+c=")))
        packedPacket = [UInt8](
            try #require(
                Data(
                    base64Encoded:
                        "eNqzqbCqyC3ITS1JVKjIzckrtqqwVUpMyU9KtQKyQcL6SnY2RSlpVi6pxclFmQUlmfl5CiWZaWlW/kWZqXkliSABWyULJX07G324WXYAawsfFg=="
                )))
        whole = try Fixtures.picture("made__45x37.png")
    }

    /// 64 KiB of one letter a block of 84 bytes, which ends at a byte, so that blocks make as large a bomb as one likes.
    private func bomb(_ blocks: Int) -> [UInt8] {
        let head: [UInt8] = [0xEC, 0xC1, 0x81, 0, 0, 0, 0, 0x80, 0x20, 0xA5, 0xFD, 0xE9, 0x16, 0xA9, 0x0A]
        let block = joined(head, [UInt8](repeating: 0, count: 63), [0x6A, 0, 0, 0, 0xFF, 0xFF])
        var stream: [UInt8] = [0x78, 0xDA]
        for _ in 0..<blocks { stream += block }
        return stream
    }

    private func joined(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

    private func decode(_ chunks: [(String, [UInt8])], atTheEnd: Bool = false) throws -> DecodedPicture {
        let place = atTheEnd ? whole.count - 12 : 33
        let added = chunks.flatMap { TestPNG.chunk($0.0, $0.1) }
        return try PictureDecoder().decode(joined(Array(whole[..<place]), added, Array(whole[place...])))
    }

    /// Why both places are refused, which is the same for each.
    private func refusal(_ chunks: [(String, [UInt8])]) -> String {
        let reasons = [false, true].map { atTheEnd -> String in
            let error = #expect(throws: PictureError.self) { try decode(chunks, atTheEnd: atTheEnd) }
            return error?.detail ?? "accepted"
        }
        return reasons[0] == reasons[1] ? reasons[0] : "\(reasons)"
    }

    @Test func `EXIF and XMP are read from every kind of text, before and behind the picture`() throws {
        let digits = Array(profile.utf8), markup = Array(packet.utf8)
        let language = joined([0, 7], Array("en\0exif\0".utf8))
        let cases: [(String, [UInt8], Int)] = [
            ("tEXt", joined(exifKey, digits), 6), ("zTXt", joined(exifKey, [0], packedProfile), 6),
            ("iTXt", joined(exifKey, [0, 0, 0, 0], digits), 6), ("iTXt", joined(exifKey, [1, 0, 0, 0], packedProfile), 6),
            ("tEXt", joined(xmpKey, markup), 8), ("zTXt", joined(xmpKey, [0], packedPacket), 8),
            ("iTXt", joined(xmpKey, language, markup), 8), ("iTXt", joined(xmpKey, [1, 0, 0, 0], packedPacket), 8),
            // XMP need not be UTF-8 to be searched.
            ("iTXt", joined(xmpKey, [0, 0, 0, 0], markup, [0xFF]), 8),
            // A stream that is cut short gives what is there, and what follows its end is left alone.
            ("zTXt", joined(exifKey, [0], Array(packedProfile.dropLast(5))), 6),
            ("zTXt", joined(exifKey, [0], packedProfile, [1, 2, 3]), 6),
        ]
        for (name, content, expected) in cases {
            for atTheEnd in [false, true] {
                let picture = try decode([(name, content)], atTheEnd: atTheEnd)
                #expect(picture.orientation == expected, "\(name) of \(content.count) bytes")
                #expect((picture.upright.width, picture.upright.height) == (37, 45))
            }
        }
    }

    @Test func `EXIF wins over XMP, the chunk over texts, the later text over the earlier`() throws {
        let compressed = ("zTXt", joined(exifKey, [0], packedProfile))
        let xmp = ("iTXt", joined(xmpKey, [1, 0, 0, 0], packedPacket))
        let other = ("tEXt", joined(exifKey, Array(profile.replacing("0600", with: "0300").utf8)))
        let chunk = ("eXIf", [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0] as [UInt8])
        #expect(try decode([compressed, xmp]).orientation == 6)
        #expect(try decode([("zTXt", joined(exifKey, [0])), xmp]).orientation == 8)
        #expect(try decode([other, compressed]).orientation == 6)
        #expect(try decode([compressed, other]).orientation == 3)
        #expect(try decode([compressed, chunk]).orientation == 3)
        #expect(try decode([chunk, compressed]).orientation == 3)
        #expect(try decode([("iTXt", joined(xmpKey, [0, 0, 0, 0], Array(packet.utf8), [0xFF])), ("tEXt", xmpKey)]).orientation == 8)
    }

    @Test func `a text that is corrupt or cut short says nothing and refuses nothing`() throws {
        var wrongSum = packedProfile
        wrongSum[wrongSum.count - 1] ^= 1
        let cases: [(String, [UInt8])] = [
            ("zTXt", joined(exifKey, [0], wrongSum)), ("zTXt", joined(exifKey, [0], Array("garbage".utf8))),
            ("iTXt", joined(xmpKey, [1, 0, 0, 0], Array("garbage".utf8))), ("iTXt", joined(exifKey, [1, 1, 0, 0], packedProfile)),
            ("iTXt", joined(exifKey, [0, 0, 0xFF, 0, 0], Array(profile.utf8))),
            ("zTXt", joined(exifKey, [0], Array(packedProfile.prefix(30)))),
            ("zTXt", []), ("zTXt", [0]), ("tEXt", []), ("tEXt", exifKey), ("iTXt", []), ("iTXt", [0x61, 0]), ("iTXt", [0x61, 0, 1]),
            ("iTXt", [0x61, 0, 1, 0, 0]), ("iTXt", [0x61, 0, 1, 0, 0, 0]),
        ]
        for (name, content) in cases {
            for atTheEnd in [false, true] {
                #expect(try decode([(name, content)], atTheEnd: atTheEnd).orientation == 1, "\(name) \(content)")
            }
        }
        #expect(refusal([("zTXt", joined(exifKey, [1], packedProfile))]).contains("the compression method of a text (zTXt) is 1"))
    }

    @Test func `a text of more than a MiB is refused, whatever its keyword, and so are more than 64 MiB of texts`() throws {
        let (zTXt, iTXt): ([UInt8], [UInt8]) = ([0x63, 0, 0], [0x63, 0, 1, 0, 0, 0])
        #expect(try decode([("zTXt", joined(zTXt, bomb(16))), ("iTXt", joined(iTXt, bomb(16)))]).orientation == 1)
        let tooLarge = "PNG: a compressed text is larger than 1048576 bytes; remove it from the file"
        for blocks in [17, 1000] {
            #expect(refusal([("zTXt", joined(zTXt, bomb(blocks)))]) == tooLarge)
            #expect(refusal([("iTXt", joined(iTXt, bomb(blocks)))]) == tooLarge)
            #expect(refusal([("zTXt", joined([0, 0], bomb(blocks)))]) == tooLarge)
        }
        let most = [(String, [UInt8])](repeating: ("zTXt", joined(zTXt, bomb(16))), count: 64)
        #expect(try decode(most).orientation == 1)
        #expect(refusal(most + [("tEXt", [0x63, 0, 0x63])]).contains("more than 67108864 characters"))
    }

    @Test func `texts that are not kept are inflated in bounds too`() throws {
        let (nameless, corrupt) = (joined([0, 0], bomb(16)), joined([0x63, 0, 0], bomb(15), [0xFF, 0xFF]))
        for text in [nameless, corrupt] {
            #expect(try decode([(String, [UInt8])](repeating: ("zTXt", text), count: 64)).orientation == 1)
            #expect(refusal([(String, [UInt8])](repeating: ("zTXt", text), count: 69)).contains("compressed texts are too many"))
        }
        let empty = ("zTXt", joined([0, 0], Array(packedProfile.prefix(2))))
        #expect(try decode([(String, [UInt8])](repeating: empty, count: 16_384)).orientation == 1)
        #expect(refusal([(String, [UInt8])](repeating: empty, count: 16_385)).contains("compressed texts are too many"))
    }

    @Test func `flipped bytes in a compressed text never crash`() throws {
        for place in packedProfile.indices {
            for bit in 0..<8 {
                var packed = packedProfile
                packed[place] ^= 1 << bit
                #expect((1...8).contains(try decode([("zTXt", joined(exifKey, [0], packed))]).orientation))
            }
        }
    }
}
