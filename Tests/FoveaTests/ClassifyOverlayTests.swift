import Foundation
import Testing

/// `fovea classify --overlay`: a drawing for each picture and map, at a place of its own.
@Suite struct ClassifyOverlayTests {
    /// Two folders whose pictures have the same names, and a place for drawings.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "fovea-overlay-\(UUID().uuidString)")
        let drawings: String

        init() throws {
            drawings = url.appending(path: "drawings").path(percentEncoded: false)
            let cat = try Data(contentsOf: URL(filePath: Executable.file("docs/images/cat.jpg")))
            for path in ["a/x", "b"] {
                try FileManager.default.createDirectory(at: url.appending(path: path), withIntermediateDirectories: true)
                try cat.write(to: url.appending(path: "\(path)/1.jpg"))
            }
            try Data("a text".utf8).write(to: url.appending(path: "b/broken.jpg"))
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

        func classify(_ arguments: String...) throws -> Executable.Outcome {
            try Executable.run(["classify", "--model", "vgg16-local-cifar10", "--top-k", "1"] + arguments)
        }

        /// Every file below the drawings, relative to the pictures' common folder.
        func drawn() throws -> [String] {
            let below = drawings + url.path(percentEncoded: false) + "/"
            return (FileManager.default.enumerator(atPath: below)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".png") }
                .sorted()
        }

        func drawing(_ name: String) -> URL { URL(filePath: drawings + url.path(percentEncoded: false)).appending(path: name) }
    }

    private let folder: Folder

    init() throws { folder = try Folder() }

    /// The sides that a PNG file's header tells.
    private func size(_ file: URL) throws -> [Int] {
        let bytes = [UInt8](try Data(contentsOf: file))
        #expect(bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        return [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    }

    @Test func drawingsLieWhereThePicturesLie() throws {
        let outcome = try folder.classify("--overlay", folder.drawings, folder.path("a"), folder.path("b"))
        #expect(outcome.status == 2, "one picture is broken: \(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").count == 2)
        let drawn = try folder.drawn()
        #expect(Set(drawn.map { ($0 as NSString).deletingLastPathComponent }) == ["a/x/1.jpg", "b/1.jpg"])
        let names = drawn.filter { $0.hasPrefix("b/") }.map { ($0 as NSString).lastPathComponent }
        #expect(names.count == 5 && names.allSatisfy { $0.hasPrefix("features.") && $0.hasSuffix(".spatial.png") }, "\(names)")
        for name in drawn { #expect(try size(folder.drawing(name)) == [451, 300]) }
        let jet = try Data(contentsOf: folder.drawing(drawn[0]))
        let again = try folder.classify("--overlay", folder.drawings, "--colormap", "jet", folder.path("a"))
        #expect(again.status == 0, "a later run draws over the earlier one's: \(again.errors)")
        #expect(try Data(contentsOf: folder.drawing(drawn[0])) != jet)
    }

    @Test func explanationsAreDrawnToo() throws {
        let outcome = try folder.classify(
            "--overlay", folder.drawings, "--explain", "cam", "--class", "3,5", "--layers", "features.18", folder.path("b/1.jpg"))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let names = try folder.drawn().map { ($0 as NSString).lastPathComponent }
        // The head of this network is no single linear layer: its class activation map is Grad-CAM.
        #expect(
            names.contains("features.18.spatial.png")
                && names.filter { $0.hasSuffix(".gradcam.3.png") || $0.hasSuffix(".gradcam.5.png") }.count == 2, "\(names)")
    }

    @Test(arguments: ["json", "csv"]) func aRunThatIsGoneOnWithDrawsWhatIsLeft(_ format: String) throws {
        let output = folder.path("results")
        let arguments = [
            "classify", "--model", "vgg16-local-cifar10", "--format", format, "--output", output, "--overlay", folder.drawings,
        ]
        let pictures = [folder.path("a"), folder.path("b/1.jpg")]
        #expect(try Executable.run(arguments + pictures).status == 0)
        let all = try folder.drawn()
        #expect(all.count == 10)
        let whole = try Data(contentsOf: URL(filePath: output))
        #expect(!String(decoding: whole, as: UTF8.self).contains("\"overlay\""), "the drawings are in files and not in the results")
        try FileManager.default.removeItem(atPath: folder.drawings)
        #expect(try Executable.run(arguments + ["--resume"] + pictures).status == 0)
        let last = all.filter { $0.hasPrefix("b/") }
        #expect(try folder.drawn().isEmpty, "nothing was left to do")
        try? FileManager.default.removeItem(atPath: folder.drawings)
        // The last picture's result was cut off.
        try whole.prefix(whole.count - 3).write(to: URL(filePath: output))
        #expect(try Executable.run(arguments + ["--resume"] + pictures).status == 0)
        #expect(try folder.drawn() == last)
    }

    @Test func placesThatCannotBeAreToldBeforeTheWork() throws {
        let within = try folder.classify("--overlay", folder.path("a/drawings"), folder.path("a"))
        #expect(within.status == 1 && within.errors.contains("which is within") && within.output.isEmpty)
        let same = try folder.classify("--overlay", folder.path("a/"), folder.path("a"))
        #expect(same.status == 1 && same.errors.contains("which is within"))
        let file = try folder.classify("--overlay", folder.path("b/1.jpg"), folder.path("a"))
        #expect(file.status == 1 && file.errors.contains("cannot be written"))
        #expect(try folder.classify("--overlay", folder.drawings, "--colormap", "rainbow", folder.path("a")).status == 64)
    }

    @Test func aPathThatLeadsUpwardsStaysBelow() throws {
        let roundabout = folder.path("a/../b/1.jpg")
        let outcome = try folder.classify("--overlay", folder.drawings, roundabout, folder.path("b/1.jpg"))
        #expect(outcome.status == 0, "one picture by two names: \(outcome.errors)")
        #expect(try folder.drawn().allSatisfy { $0.hasPrefix("b/1.jpg/features.") })
        #expect(try folder.drawn().count == 5)
    }
}
