import Foundation
import Testing

@testable import FoveaVision

/// Walks larger collections where the folder `FOVEA_PICTURES` has them: in `jpegs` JPEG files with Pillow's verdicts in `expected.json`, in `pngsuite/png`
/// the whole PngSuite.
struct PictureCollectionTests {
    struct Verdict: Decodable {
        let ok: Bool
        let w, h: Int?
        let mean: [Double]?
    }

    static let jpegs = collection("jpegs")
    static let pngs = collection("pngsuite/png")

    /// A folder of the collections; none where it is not there.
    private static func collection(_ name: String) -> URL? {
        guard let folder = ProcessInfo.processInfo.environment["FOVEA_PICTURES"], !folder.isEmpty else { return nil }
        let url = URL(filePath: folder).appending(path: name)
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) ? url : nil
    }

    @Test(.enabled(if: jpegs != nil)) func `every JPEG gets Pillow's verdict, size and mean`() throws {
        let folder = try #require(Self.jpegs)
        let verdicts = try JSONDecoder().decode([String: Verdict].self, from: Data(contentsOf: folder.appending(path: "expected.json")))
        #expect(verdicts.count > 100)
        for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
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

    @Test(.enabled(if: pngs != nil)) func `every file of the PngSuite is decoded or refused`() throws {
        let folder = try #require(Self.pngs)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).filter { $0.hasSuffix(".png") }
        #expect(names.count > 100)
        for name in names.sorted() {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
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
