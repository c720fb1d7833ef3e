import Foundation
import Testing

/// The offline commands, as processes: what they print where, and their exit codes.
@Suite struct CommandTests {
    let cat = "docs/images/cat.jpg"

    @Test func classifyPrintsTheBestClasses() throws {
        let outcome = try Executable.run("classify", "--model", "odresnet-cifar10", "--top-k", "2", cat)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("\(cat): "))
        #expect(outcome.output.filter { $0 == "%" }.count == 2)
        #expect(outcome.errors.isEmpty)
    }

    @Test func classifyPrintsCSV() throws {
        let outcome = try Executable.run("classify", "--format", "csv", "--top-k", "3", cat)
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(lines.first == ["path", "rank", "index", "label", "probability", "logit"])
        #expect(lines.dropFirst().map { $0[1] } == ["1", "2", "3"])
        #expect(lines.dropFirst().allSatisfy { $0[0] == cat && (0...1).contains(Double($0[4]) ?? -1) })
    }

    @Test func classifyPrintsTheServersJSON() throws {
        let outcome = try Executable.run("classify", "--model", "weights/vgg16-local-cifar10", "--format", "json", cat)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let result = try #require(object["result"] as? [String: Any])
        #expect(object["path"] as? String == cat)
        #expect(result["model"] as? String == "vgg16-local-cifar10")
        #expect((result["attention"] as? [Any])?.count == 10)
    }

    @Test func aPictureThatFailsIsNamedAndTheOthersAreClassified() throws {
        let outcome = try Executable.run("classify", "--format", "csv", "--top-k", "1", "README.md", cat)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("README.md: "))
        #expect(outcome.output.split(separator: "\n").count == 2)
    }

    /// More pictures are then ready to be under way than a server's queue has places.
    @Test func manyThreadsLoseNoPicture() throws {
        try inFolder { folder in
            let picture = URL(filePath: Executable.file("Tests/FoveaVisionTests/Fixtures/pictures/made__32x32.png"))
            for index in 0..<600 { try FileManager.default.copyItem(at: picture, to: folder.appending(path: "\(index).png")) }
            let outcome = try Executable.run(
                "classify", "--model", "resnet20-cifar10", "--threads", "64", "--format", "csv", "--top-k", "1",
                folder.path(percentEncoded: false))
            #expect(outcome.status == 0, "\(outcome.errors.prefix(300))")
            #expect(outcome.output.split(separator: "\n").count == 601)
        }
    }

    @Test func wrongUsageAndWrongPathsAreToldApart() throws {
        #expect(try Executable.run("classify", "--top-k", "0", cat).status == 64)
        #expect(try Executable.run("classify").status == 64)
        let missing = try Executable.run("classify", "no-such-file.jpg")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("no-such-file.jpg"))
        let unknown = try Executable.run("classify", "--model", "nobody", cat)
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("nobody") && unknown.errors.contains("odresnet-cifar10"))
        #expect(!unknown.errors.contains("--default-model"))
    }

    @Test func aPipeIsReadToItsEnd() throws {
        try inFolder { folder in
            let pipe = folder.appending(path: "pipe").path(percentEncoded: false)
            let arguments = ["classify", "--model", "odresnet-cifar10", "--format", "csv", "--top-k", "1"]
            let outcome = try Executable.run(arguments + [pipe], prelude: "mkfifo '\(pipe)'; (cat \(cat) > '\(pipe)' &)")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let file = try Executable.run(arguments + [cat])
            #expect(outcome.output == file.output.replacing(cat, with: pipe))
            let nothing = try Executable.run(arguments + ["/dev/null"])
            #expect(nothing.status == 2)
            #expect(nothing.errors.contains("/dev/null: ") && nothing.errors.contains("empty"))
        }
    }

    @Test func aPathThatIsNoModelIsCalledThat() throws {
        try inFolder { folder in
            let path = folder.path(percentEncoded: false)
            // Without a models folder too, which a path does not need.
            for others in [[], ["--models", folder.appending(path: "none").path(percentEncoded: false)]] {
                let bare = try Executable.run(["classify", "--model", path, cat] + others)
                #expect(bare.status == 1)
                #expect(bare.errors.contains("'\(path)' has no config.json"), "\(bare.errors)")
                let file = try Executable.run(["inspect", "weights/odresnet-cifar10/model.safetensors"] + others)
                #expect(file.status == 1)
                #expect(file.errors.contains("model.safetensors' is no directory"), "\(file.errors)")
            }
            let versions = folder.appending(path: "model/2")
            try FileManager.default.createDirectory(at: versions.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(filePath: Executable.file("weights/odresnet-cifar10")), to: versions)
            let inspected = try Executable.run("inspect", "--json", folder.appending(path: "model").path(percentEncoded: false))
            #expect(inspected.status == 0, "\(inspected.errors)")
            #expect(inspected.output.contains("\"version\":\"2\""))
        }
    }

    @Test func aFolderWithoutPicturesIsNamed() throws {
        let outcome = try Executable.run("classify", "--format", "csv", "deploy")
        #expect(outcome.status == 0 && outcome.output == "path,rank,index,label,probability,logit\n")
        #expect(outcome.errors.contains("'deploy'"), "\(outcome.errors)")
    }

    @Test func modelsListsWhatIsServedAndWhyNot() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let broken = folder.appending(path: "broken")
        try FileManager.default.createDirectory(at: broken, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{\"architecture\": \"resnet\"}".utf8).write(to: broken.appending(path: "config.json"))
        let outcome = try Executable.run("models", "--models", "weights", "--models", folder.path(percentEncoded: false))
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("odresnet18"))
        let lines = outcome.output.split(separator: "\n")
        let refused = try #require(lines.firstIndex { $0.hasPrefix("broken") })
        #expect(lines[refused].contains("refused"))
        #expect(lines[refused + 1].hasPrefix("    "))
    }

    @Test func everyOptionOfModelsIsRead() throws {
        #expect(try Executable.run("models", "--precision", "f17").status == 64)
        #expect(try Executable.run("models", "--threads", "0").status == 64)
    }

    /// A model is named by its directory's path too, whether or not its versions have directories of their own.
    @Test func aPathNamesAModelWithItsVersions() throws {
        try inFolder { folder in
            let model = folder.appending(path: "model")
            try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
            let path = model.path(percentEncoded: false)
            let none = try Executable.run("inspect", path)
            #expect(none.status == 1 && none.errors.contains("'\(path)' has no config.json"), "\(none.errors)")
            for version in ["1", "2"] {
                try FileManager.default.copyItem(
                    at: URL(filePath: Executable.file("weights/resnet20-cifar10")), to: model.appending(path: version))
            }
            for path in [path, path + "/", path + "/2"] {
                let outcome = try Executable.run("inspect", path)
                #expect(outcome.status == 0 && outcome.output.contains(" 611074 "), "\(path): \(outcome.errors)")
            }
        }
    }

    @Test func inspectCountsParametersAsPyTorchDoes() throws {
        let outcome = try Executable.run("inspect", "odresnet-cifar10")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("layer4.1.conv2"))
        let total = try #require(outcome.output.split(separator: "\n").last)
        #expect(total.hasPrefix("total"))
        #expect(total.contains(" 2817194 "))
        let json = try Executable.run("inspect", "odresnet-cifar10", "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let layers = try #require(object["layers"] as? [[String: Any]])
        let sum = layers.reduce(0) { $0 + ($1["multiply_adds"] as? Int ?? 0) }
        #expect(object["parameters"] as? Int == 2_817_194 && object["multiply_adds"] as? Int == sum && total.contains(" \(sum)"))
    }

    /// A label may hold what a terminal obeys.
    @Test func labelsReachATerminalAsText() throws {
        try inFolder { folder in
            let model = folder.appending(path: "model")
            try FileManager.default.copyItem(at: URL(filePath: Executable.file("weights/resnet20-cifar10")), to: model)
            let file = model.appending(path: "config.json")
            var configuration = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            configuration["label_names"] = (0..<10).map { "\u{1B}[31mred\u{7} \($0)" }
            try JSONSerialization.data(withJSONObject: configuration).write(to: file)
            let path = model.path(percentEncoded: false)
            let text = try Executable.run("classify", "--model", path, "--top-k", "10", cat)
            #expect(text.status == 0 && text.output.contains("\\u{1b}[31mred\\u{7} 9"), "\(text.output) \(text.errors)")
            let labelled = folder.appending(path: "pictures/cat")
            try FileManager.default.createDirectory(at: labelled, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: URL(filePath: Executable.file(cat)), to: labelled.appending(path: "1.jpg"))
            let refused = try Executable.run("explain-eval", path, folder.appending(path: "pictures").path(percentEncoded: false))
            #expect(refused.status == 1 && refused.errors.contains("'cat'"), "\(refused.errors)")
            for printed in [text.output, refused.errors] { #expect(!printed.contains("\u{1B}") && !printed.contains("\u{7}")) }
        }
    }

    @Test func benchPrintsARowForEachCombination() throws {
        let outcome = try Executable.run("bench", "odresnet-cifar10", "--batch", "1,3", "--threads", "1,2", "--seconds", "0.05", "--json")
        #expect(outcome.status == 0)
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["batch"] as? Int } == [1, 3, 1, 3])
        #expect(rows.map { $0["threads"] as? Int } == [1, 1, 2, 2])
        for row in rows {
            let (least, median, high) = (row["min_ms"] as? Double, row["median_ms"] as? Double, row["p99_ms"] as? Double)
            #expect((least ?? 1) <= (median ?? 0) && (median ?? 1) <= (high ?? 0))
        }
        #expect(try Executable.run("bench", "odresnet-cifar10", "--batch", "0").status == 64)
    }

    @Test func benchTellsWhatEachStepTook() throws {
        let arguments = ["bench", "odresnet-cifar10", "--batch", "1,2", "--threads", "1", "--seconds", "0.05", "--steps"]
        let outcome = try Executable.run(arguments + ["--json"])
        #expect(outcome.status == 0)
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(rows.count == 2)
        for row in rows {
            let steps = try #require(row["steps"] as? [[String: Any]])
            let convolution = try #require(steps.first { $0["layer"] as? String == "layer1.0.conv1" })
            #expect((convolution["kernel"] as? String)?.hasPrefix("mixed: ") == true)
            #expect((convolution["ms"] as? Double ?? 0) > 0 && convolution["weight_bytes"] as? Int ?? 0 > 0)
        }
        let table = try Executable.run(arguments).output
        #expect(table.contains("\nBatch 2, threads 1\n\nLAYER"))
        #expect(table.split(separator: "\n").count { $0.hasPrefix("layer1.0.conv1 ") && $0.contains("mixed: ") } == 2)
    }

    /// The lowest processor of those that this test may use: a container need not have the first of the machine.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/taskset")))
    func aProcessThatIsBoundToOneProcessorTakesOneThread() throws {
        let outcome = try Executable.run(
            ["bench", "odresnet-cifar10", "--batch", "1", "--seconds", "0.01", "--json"],
            prelude: "taskset -pc \"$(taskset -pc $$ | sed 's/.*: //; s/[,-].*//')\" $$ >&2")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["threads"] as? Int } == [1])
    }
}
