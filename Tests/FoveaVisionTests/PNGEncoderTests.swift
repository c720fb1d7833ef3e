import FoveaSystem
import Testing

@testable import FoveaVision

struct PNGEncoderTests {
    @Test(arguments: [1, 3]) func `what is encoded decodes to itself`(_ channels: Int) throws {
        var generator = SplitMix64(seed: 8)
        for (width, height) in [(1, 1), (7, 5), (64, 3), (1, 90)] {
            let picture = Picture.random(width: width, height: height, channels: channels, &generator)
            for level in [0, 1, 6, 99] {
                let decoded = try PictureDecoder().decode(try PNGEncoder.encode(picture, compression: level))
                #expect(decoded.upright == picture)
                #expect(decoded.format == .png)
            }
        }
    }

    @Test func `a picture is made only of as many bytes as it needs`() {
        #expect(Picture(width: 2, height: 2, channels: 3, pixels: [UInt8](repeating: 0, count: 12)) != nil)
        #expect(Picture(width: 2, height: 2, channels: 3, pixels: [UInt8](repeating: 0, count: 11)) == nil)
        #expect(Picture(width: 0, height: 2, channels: 1, pixels: []) == nil)
        #expect(Picture(width: 2, height: 1, channels: 2, pixels: [0, 0, 0, 0]) == nil)
        #expect(Picture(width: .max, height: .max, channels: 3, pixels: []) == nil)
    }
}
