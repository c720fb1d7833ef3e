import Testing

@testable import FoveaVision

/// Against what Pillow, torchvision and timm made of the same files.
struct PreprocessorFixtureTests {
    @Test func `the fixtures are there`() {
        #expect(Fixtures.shared.cases.count >= 100)
        #expect(Fixtures.shared.cases.count { $0.file.hasSuffix(".jpg") && $0.ok } >= 30)
        #expect(Fixtures.shared.cases.count { $0.file.hasSuffix(".png") && $0.ok } >= 30)
    }

    @Test(arguments: Fixtures.shared.cases) func `a file decodes, or is refused, as Pillow does`(_ expected: Fixtures.Case) throws {
        let bytes = try Fixtures.picture(expected.file)
        guard expected.ok else {
            #expect(throws: PictureError.self) { try PictureDecoder().decode(bytes) }
            return
        }
        let decoded = try PictureDecoder().decode(bytes)
        let picture = decoded.upright
        #expect(picture.width == expected.width)
        #expect(picture.height == expected.height)
        #expect(picture.channels == expected.channels)
        #expect(decoded.orientation == expected.orientation)
        guard CRC32.of(picture.pixels[...]) != expected.crc32 else { return }
        // libjpeg-turbo 2.1.5 and the 3.2.0 within Pillow's wheels agree on every JPEG here; a later one may round differently. PNG is exact.
        #expect(decoded.format == .jpeg, "PNG pixels are exact")
        let slice = try #require(expected.pixels, "the pixels differ from Pillow's, and are too many to be in the fixtures")
        #expect(largestDifference(picture.pixels, Fixtures.shared.bytes(slice)) <= 1)
    }

    @Test(arguments: Fixtures.shared.cases.filter(\.ok)) func `resize, crop and normalisation are timm's`(_ expected: Fixtures.Case) throws
    {
        let decoded = try PictureDecoder().decode(try Fixtures.picture(expected.file))
        for output in expected.outputs ?? [] {
            let preprocessor = try output.preprocessor
            let label = "\(expected.file) \(output.width)×\(output.height) \(output.interpolation) \(output.cropMode)"
            let geometry = preprocessor.geometry(of: decoded.upright)
            let part = preprocessor.resizedCrop(decoded.upright, geometry)
            let reference = Fixtures.shared.bytes(output.bytes)
            let fill: [UInt8] = preprocessor.cropMode == .border ? [124, 116, 104] : [0, 0, 0]
            let got = placed(part, geometry, fill: fill)
            let difference = largestDifference(got, reference)
            #expect(difference == 0, "\(label)")
            if difference == 0 {
                #expect(checksum(preprocessor.prepare(decoded).values) == output.valuesCrc32, "\(label)")
            }
        }
    }

    private func largestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count == b.count else { return .max }
        return zip(a, b).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
    }

    /// The part on its border, three channels interleaved, as timm holds it before normalisation.
    private func placed(_ part: Picture, _ geometry: ResizeGeometry, fill: [UInt8]) -> [UInt8] {
        let source = part.rgb
        var out = (0..<geometry.width * geometry.height).flatMap { _ in fill }
        for y in 0..<part.height {
            let to = ((y + max(0, -geometry.top)) * geometry.width + max(0, -geometry.left)) * 3
            let row = source.pixels[y * part.width * 3..<(y + 1) * part.width * 3]
            out.replaceSubrange(to..<to + row.count, with: row)
        }
        return out
    }
}
