import Foundation
import Testing

@testable import FoveaVision

/// Walks larger collections beside the repository where they are present: 145 JPEG files with Pillow's verdicts, and the whole PngSuite.
struct SharedCollectionTests {
    struct Verdict: Decodable {
        let ok: Bool
        let w, h: Int?
        let mean: [Double]?
    }

    static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data")
        .standardized
    static let hasJPEGs = FileManager.default.fileExists(atPath: data.appendingPathComponent("jpegs/expected.json").path)
    static let pngs = (try? FileManager.default.contentsOfDirectory(atPath: data.appendingPathComponent("pngsuite/png").path)) ?? []

    @Test(.enabled(if: hasJPEGs)) func `every JPEG gets Pillow's verdict, size and mean`() throws {
        let folder = Self.data.appendingPathComponent("jpegs")
        let verdicts = try JSONDecoder().decode(
            [String: Verdict].self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        #expect(verdicts.count > 100)
        for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            // A PNG under a JPEG's name is in there, too; Pillow and we go by the bytes.
            let decoded = try? PictureDecoder(orientation: .ignore, maxPixels: 178_956_970).decode(bytes)
            #expect((decoded != nil) == verdict.ok, "\(name)")
            guard let picture = decoded?.upright, verdict.ok else { continue }
            #expect(picture.width == verdict.w && picture.height == verdict.h, "\(name)")
            if let mean = verdict.mean, picture.width * picture.height < 700_000 {
                let got = means(picture)
                #expect(zip(got, mean).allSatisfy { abs($0 - $1) < 0.01 }, "\(name): \(got) for \(mean)")
            }
        }
    }

    @Test(.enabled(if: !pngs.isEmpty)) func `every file of the PngSuite is decoded or refused`() throws {
        for name in Self.pngs.sorted() where name.hasSuffix(".png") {
            let bytes = [UInt8](try Data(contentsOf: Self.data.appendingPathComponent("pngsuite/png").appendingPathComponent(name)))
            let decoded = try? PictureDecoder().decode(bytes)
            // All that are broken on purpose are refused, but one: Pillow does not look at the checksum of the picture data.
            #expect((decoded == nil) == (name.hasPrefix("x") && name != "xcsn0g01.png"), "\(name)")
        }
    }

    private func means(_ picture: Picture) -> [Double] {
        var sums = [0, 0, 0]
        picture.pixels.withUnsafeBufferPointer { pixels in
            var red = 0, green = 0, blue = 0
            var index = 0
            while index < pixels.count {
                red &+= Int(pixels[index])
                if picture.channels == 3 {
                    green &+= Int(pixels[index &+ 1])
                    blue &+= Int(pixels[index &+ 2])
                }
                index &+= picture.channels
            }
            sums = picture.channels == 3 ? [red, green, blue] : [red, red, red]
        }
        return sums.map { Double($0) / Double(picture.width * picture.height) }
    }
}
