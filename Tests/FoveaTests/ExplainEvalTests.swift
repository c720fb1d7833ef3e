import Foundation
import Testing

/// `fovea explain-eval` over a folder of a few labelled pictures.
@Suite struct ExplainEvalTests {
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "fovea-eval-\(UUID().uuidString)")

        init() throws {
            let cat = try Data(contentsOf: URL(filePath: Executable.file("docs/images/cat.jpg")))
            // The command looks at the labels alone; that all of them show the same cat makes for bad figures and quick tests.
            for label in ["cat", "dog", "ship", "truck"] {
                let folder = url.appending(path: "pictures/\(label)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try cat.write(to: folder.appending(path: "1.jpg"))
            }
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

        func run(_ arguments: String...) throws -> Executable.Outcome {
            try Executable.run(["explain-eval", "vgg16-local-cifar10", path("pictures"), "--steps", "4"] + arguments)
        }
    }

    private let folder: Folder

    init() throws { folder = try Folder() }

    private func maps(_ outcome: Executable.Outcome) throws -> [[String: Any]] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["pictures"] as? Int == 4 && object["right"] as? Int == 1 && object["steps"] as? Int == 4)
        return try #require(object["maps"] as? [[String: Any]])
    }

    @Test func everyMapIsMeasured() throws {
        let plot = folder.path("plot.svg")
        let outcome = try folder.run("--json", "--plot", plot)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let maps = try maps(outcome)
        #expect(maps.filter { $0["map"] as? String == "attention" }.count == 5)
        #expect(maps.suffix(2).compactMap { $0["map"] as? String } == ["centre", "random"])
        #expect(maps.contains { $0["map"] as? String == "gradcam" })
        for map in maps {
            for name in ["deletion", "insertion"] {
                let curve = try #require(map[name] as? [String: Any])
                let points = try #require(curve["curve"] as? [Double])
                #expect(points.count == 5 && points.allSatisfy { (0...1).contains($0) })
                #expect((0...1).contains(try #require(curve["area"] as? Double)))
                // All four pictures are one, and every curve begins or ends at it.
                let whole = name == "deletion" ? points[0] : points[4]
                #expect(abs(whole - 0.8751) < 0.01, "the cat's probability is known: \(whole)")
            }
            let pointing = try #require(map["pointing"] as? [String: Any])
            #expect(pointing["count"] as? Int == 4)
        }
        let drawing = try String(contentsOf: URL(filePath: plot), encoding: .utf8)
        let parser = XMLCheck(drawing)
        #expect(parser.isWellFormed)
        #expect(parser.counts["polyline"] == 2 * maps.count)
        #expect(try folder.run("--json").output == outcome.output, "one seed, one result")
        #expect(try folder.run("--json", "--seed", "2").output != outcome.output)
    }

    @Test func theTableHasARowForEachMap() throws {
        let text = try folder.run()
        #expect(text.status == 0 && text.output.hasPrefix("vgg16-local-cifar10, 4 pictures, 25.0 % of them named rightly"))
        #expect(text.output.contains("GRID POINTING") && text.output.contains("features.18"))
        let csv = try folder.run("--csv").output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(csv.count > 7 && csv.allSatisfy { $0.count == csv[0].count })
    }

    @Test func boxesSayWhereTheObjectsAre() throws {
        let boxes = folder.path("boxes.csv")
        // Of the whole picture, and of a corner that the network does not see.
        try Data("path,x,y,w,h\ncat/1.jpg,0,0,451,300\ndog/1.jpg,0,0,20,20\n".utf8).write(to: URL(filePath: boxes))
        let outcome = try folder.run("--json", "--boxes", boxes)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["pictures"] as? Int == 2 && object["pointing_game"] as? String == "boxes")
        for map in try #require(object["maps"] as? [[String: Any]]) {
            let pointing = try #require(map["pointing"] as? [String: Any])
            #expect(pointing["hits"] as? Int == 1 && pointing["count"] as? Int == 2)
        }
    }

    @Test func boxesOfUnknownPicturesAreTold() throws {
        let boxes = folder.path("boxes.csv")
        func run(_ paths: [String]) throws -> Executable.Outcome {
            try Data(paths.map { $0 + ",0,0,451,300\n" }.joined().utf8).write(to: URL(filePath: boxes))
            return try folder.run("--json", "--boxes", boxes)
        }
        let some = try run(["cat/1.jpg", "./dog/1.jpg", "cat/2.jpg", "cat/2.jpg"])
        #expect(some.status == 0 && some.output.contains("\"pictures\":1"), "\(some.errors)")
        #expect(some.errors.contains("2 of 3 paths in '\(boxes)' are of no picture in"), "\(some.errors)")
        #expect(some.errors.contains("the first './dog/1.jpg'; their boxes are not used."))
        let none = try run(["pictures/cat/1.jpg", "1.jpg"])
        #expect(none.status == 1 && none.output.isEmpty)
        #expect(none.errors.contains("2 of 2 paths") && none.errors.contains("expected paths below that folder, as 'cat/1.jpg'."))
    }

    @Test func whatIsWrongIsTold() throws {
        #expect(try folder.run("--json", "--csv").status == 64)
        #expect(try folder.run("--pictures", "0").status == 64)
        let empty = folder.path("empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        let nothing = try Executable.run("explain-eval", "vgg16-local-cifar10", empty)
        #expect(nothing.status == 1 && nothing.errors.contains("<label>/<picture>"))
        let nowhere = try folder.run("--plot", "/nonexistent/plot.svg")
        #expect(nowhere.status == 1 && nowhere.errors.contains("/nonexistent/plot.svg") && nowhere.output.isEmpty)
        try Data("cat/1.jpg,1,2\n".utf8).write(to: URL(filePath: folder.path("boxes.csv")))
        let boxes = try folder.run("--boxes", folder.path("boxes.csv"))
        #expect(boxes.status == 1 && boxes.errors.contains("Line 1"))
        try FileManager.default.createDirectory(atPath: folder.path("pictures/unicorn"), withIntermediateDirectories: true)
        try Data("no picture".utf8).write(to: URL(filePath: folder.path("pictures/unicorn/1.jpg")))
        let unknown = try folder.run()
        #expect(unknown.status == 1 && unknown.errors.contains("'unicorn'") && unknown.errors.contains("airplane"))
    }
}

/// Whether a text is well-formed XML, and how many elements of each name it has.
private final class XMLCheck {
    private(set) var counts: [String: Int] = [:]
    private(set) var isWellFormed = true

    /// Tags are matched by hand: the elements have no text with a `<` in it, no comments and no declarations.
    init(_ text: String) {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
            guard let end = piece.firstIndex(of: ">") else {
                isWellFormed = false
                return
            }
            let tag = piece[..<end]
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter }
            if tag.hasPrefix("/") {
                if open.popLast() != name { isWellFormed = false }
                continue
            }
            counts[String(name), default: 0] += 1
            if tag.count(where: { $0 == "\"" }) % 2 != 0 { isWellFormed = false }
            if !tag.hasSuffix("/") { open.append(name) }
        }
        if !open.isEmpty { isWellFormed = false }
    }
}
