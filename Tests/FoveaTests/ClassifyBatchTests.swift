import Foundation
import Testing

/// `fovea classify` over folders: parts of a list, and runs that go on with what another one left behind.
@Suite struct ClassifyBatchTests {
    /// A folder that goes away with the test, with seven pictures in it; one name has all that CSV must quote, also under an accent, one picture is broken.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "fovea-batch-\(UUID().uuidString)")
        let pictures: String
        let output: String

        init() throws {
            pictures = url.appending(path: "pictures").path(percentEncoded: false)
            output = url.appending(path: "results").path(percentEncoded: false)
            try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
            let cat = try Data(contentsOf: URL(filePath: Executable.file("docs/images/cat.jpg")))
            for index in 0..<5 { try cat.write(to: url.appending(path: "pictures/\(index).jpg")) }
            try cat.write(to: url.appending(path: "pictures/a \"\u{301}b\", c\nd.jpg"))
            try Data("a text".utf8).write(to: url.appending(path: "pictures/broken.jpg"))
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func classify(_ arguments: String...) throws -> Executable.Outcome {
            try Executable.run(["classify", "--top-k", "2", pictures] + arguments)
        }

        func result() throws -> Data { try Data(contentsOf: URL(filePath: output)) }

        func write(_ data: Data) throws { try data.write(to: URL(filePath: output)) }
    }

    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func shardsHaveEveryPictureOnce() throws {
        let whole = try folder.classify("--format", "json")
        #expect(whole.status == 2)
        let parts = try (0..<4).map { try folder.classify("--format", "json", "--shard", "\($0)/4") }
        func paths(_ outcomes: [Executable.Outcome]) throws -> [String] {
            try outcomes.flatMap { $0.output.split(separator: "\n") }.map {
                let object = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                return object?["path"] as? String ?? ""
            }
        }
        #expect(try paths(parts).sorted() == paths([whole]).sorted())
        #expect(try paths(parts).count == 7)
        // Seven pictures in four parts: the sizes differ by one at most.
        #expect(try parts.map { try paths([$0]).count } == [2, 2, 2, 1])
    }

    /// Of a user of its own, since root may list any.
    @Test(.enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
    func aFolderThatCannotBeListedIsTold() throws {
        let (closed, copy) = ("\(folder.pictures)/closed", "\(folder.pictures)/fovea")
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: false)
        #expect(chmod(closed, 0) == 0)
        let outcome = try Executable.run(
            ["classify", folder.pictures], prelude: "cp \"$0\" '\(copy)'; exec setpriv --reuid 65534 --clear-groups '\(copy)' \"$@\"")
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("The folder '\(closed)/' cannot be listed"), "\(outcome.errors)")
    }

    @Test(arguments: ["4/4", "1", "1/", "/2", "-1/2", "+1/2", "1/0", "a/b", "1/2/3"]) func wrongShardsAreWrongUsage(shard: String) throws {
        #expect(try Executable.run("classify", "--shard=\(shard)", "docs/images/cat.jpg").status == 64)
    }

    @Test(arguments: ["json", "csv"]) func aRunThatWasCutOffIsGoneOnWith(format: String) throws {
        #expect(try folder.classify("--format", format, "--output", folder.output).status == 2)
        let whole = try folder.result()
        let expected = try Self.stable(whole, format)
        // Cut anywhere: within the header, a record, a quoted path, a line end.
        for length in [0, 5, whole.count / 3, whole.count / 2, whole.count - 1, whole.count] {
            try folder.write(whole.prefix(length))
            let outcome = try folder.classify("--format", format, "--output", folder.output, "--resume")
            #expect(outcome.output.isEmpty)
            #expect(try Self.stable(folder.result(), format) == expected, "cut at \(length)")
        }
    }

    /// The last picture's records are whole where they are as many as the others'; where nothing tells, nothing is taken away for good.
    @Test func aFinishedPictureStaysWhateverIsClassifiedNext() throws {
        func classify(_ pictures: [String], _ arguments: String...) throws -> Executable.Outcome {
            let output = ["--top-k", "2", "--format", "csv", "--output", folder.output]
            return try Executable.run(["classify"] + output + arguments + pictures.map { "\(folder.pictures)/\($0).jpg" })
        }
        #expect(try classify(["0", "1"]).status == 0)
        let two = try folder.result()
        #expect(try classify(["2"], "--resume").status == 0)
        #expect(try folder.result().starts(with: two) && folder.result().count > two.count)
        try folder.write(two.prefix(two.count / 2))
        let one = try folder.result()
        let refused = try classify(["2"], "--resume")
        #expect(refused.status == 1 && refused.errors.contains("0.jpg' in") && refused.errors.contains("name that picture again"))
        #expect(try folder.result() == one)
        #expect(try classify(["0", "1"], "--resume").status == 0)
        #expect(try folder.result() == two)
    }

    /// What no picture can be classified with is told before the first one, and before there is a file.
    @Test(arguments: [["--layers", "nope"], ["--explain", "gradcam", "--class", "99"], ["--explain", "gradcam", "--layers", "nope"]])
    func wrongLayersAndClassesAreToldOnce(arguments: [String]) throws {
        let outcome = try Executable.run(["classify", "--format", "json", "--output", folder.output, folder.pictures] + arguments)
        #expect(outcome.status == 1 && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.output))
    }

    @Test func aFinishedRunIsNotRunAgain() throws {
        #expect(try folder.classify("--format", "json", "--output", folder.output).status == 2)
        let again = try folder.classify("--format", "json", "--output", folder.output, "--resume")
        #expect(again.status == 0 && again.errors.isEmpty)
    }

    @Test func aFileThatIsThereIsNotOverwritten() throws {
        try folder.write(Data("precious".utf8))
        let refused = try folder.classify("--format", "json", "--output", folder.output)
        #expect(refused.status == 1 && refused.errors.contains("--resume"))
        let other = try folder.classify("--format", "json", "--output", folder.output, "--resume")
        #expect(other.status == 2)
        for format in ["csv", "json"] {
            try folder.write(Data("precious\nthings\n".utf8))
            let refused = try folder.classify("--format", format, "--output", folder.output, "--resume")
            #expect(refused.status == 1 && refused.errors.contains("no result of --format \(format)"))
            #expect(try folder.result() == Data("precious\nthings\n".utf8))
        }
    }

    @Test func anOutputThatCannotBeWrittenIsToldBeforeTheWork() throws {
        let nowhere = try folder.classify("--format", "csv", "--output", "/nonexistent/results.csv")
        #expect(nowhere.status == 1 && nowhere.errors.contains("/nonexistent/results.csv"))
        if FileManager.default.fileExists(atPath: "/dev/full") {
            let full = try folder.classify("--format", "csv", "--output", "/dev/full", "--resume")
            #expect(full.status == 1 && full.errors.contains("/dev/full"))
        }
    }

    @Test func resumeNeedsAFileAndAFormat() throws {
        #expect(try folder.classify("--format", "csv", "--resume").status == 64)
        #expect(try folder.classify("--output", folder.output, "--resume").status == 64)
    }

    /// Results without the times, which differ from run to run, and in one order.
    private static func stable(_ data: Data, _ format: String) throws -> [String] {
        let text = String(decoding: data, as: UTF8.self)
        guard format == "json" else { return [text] }
        return try text.split(separator: "\n").map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let result = object["result"] as? [String: Any]
            let answer: [String: Any] = ["path": object["path"] ?? "", "answer": result?["predictions"] ?? object["error"] ?? ""]
            return String(decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys), as: UTF8.self)
        }
    }
}
