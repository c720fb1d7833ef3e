import Foundation
import Testing

/// `fovea convert`, as a process.
@Suite struct ConvertTests {
    /// Saved by a training script: a state dict with DataParallel's prefix, beside an epoch.
    let checkpoint = Executable.file("Tests/FoveaCheckpointsTests/Fixtures/network.pth")
    let arguments = ["--model-args", "{\"base_width\": 2, \"stem\": \"cifar\", \"layers\": [1]}", "--input-size", "[3, 9, 11]"]
    /// A model directory with weights in F16.
    let model = Executable.file("Tests/FoveaZooTests/Fixtures/resnet50-cbam")

    private func convert(_ arguments: [String]) throws -> Executable.Outcome {
        try Executable.run(["convert"] + arguments)
    }

    private func json(_ file: URL) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    }

    @Test func makesADirectoryOfACheckpoint() throws {
        try inFolder { folder in
            let labels = folder.appending(path: "labels.txt")
            try Data("cat\ndog\n".utf8).write(to: labels)
            let target = folder.appending(path: "made")
            let path = target.path(percentEncoded: false)
            let outcome = try convert(
                [checkpoint, path, "--architecture", "resnet18", "--labels", labels.path(percentEncoded: false)] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("\(path): resnet18, 144 parameters, 17 tensors, "))
            let configuration = try json(target.appending(path: "config.json"))
            #expect(configuration["num_classes"] as? Int == 2)
            #expect(configuration["label_names"] as? [String] == ["cat", "dog"])
            let inspected = try Executable.run("inspect", "--json", path)
            #expect(inspected.status == 0)
            #expect(inspected.output.contains("\"cat\""))
        }
    }

    @Test func writesWhatTheNetworkIsShown() throws {
        try inFolder { folder in
            let base = [checkpoint] + ["--architecture", "resnet18", "--num-classes", "2"] + arguments
            let plain = folder.appending(path: "plain"), told = folder.appending(path: "told")
            #expect(try convert(base + [plain.path(percentEncoded: false)]).status == 0)
            let options = [
                "--interpolation", "bilinear", "--crop-pct", "0.95", "--crop-mode", "squash", "--mean", "[0.5, 0.25, 0.125]", "--std",
                "[0.5, 2.5, 0.3]",
            ]
            let outcome = try convert(base + options + [told.path(percentEncoded: false)])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let defaults = try #require(try json(plain.appending(path: "config.json"))["pretrained_cfg"] as? [String: Any])
            #expect(defaults["input_size"] as? [Int] == [3, 9, 11])
            #expect(defaults["interpolation"] as? String == "bicubic" && defaults["crop_mode"] as? String == "center")
            #expect(defaults["crop_pct"] as? Double == 0.875)
            #expect(defaults["mean"] as? [Double] == [0.485, 0.456, 0.406] && defaults["std"] as? [Double] == [0.229, 0.224, 0.225])
            let given = try #require(try json(told.appending(path: "config.json"))["pretrained_cfg"] as? [String: Any])
            #expect(given["interpolation"] as? String == "bilinear" && given["crop_mode"] as? String == "squash")
            #expect(given["crop_pct"] as? Double == 0.95)
            #expect(given["mean"] as? [Double] == [0.5, 0.25, 0.125] && given["std"] as? [Double] == [0.5, 2.5, 0.3])
        }
    }

    @Test func labelsAreLinesOrJSONAndNothingInBetween() throws {
        try inFolder { folder in
            let file = folder.appending(path: "labels")
            let path = file.path(percentEncoded: false)
            let target = folder.appending(path: "made").path(percentEncoded: false)
            func run(_ text: String) throws -> Executable.Outcome {
                try Data(text.utf8).write(to: file)
                try? FileManager.default.removeItem(atPath: target)
                return try convert([checkpoint, target, "--architecture", "resnet18", "--labels", path] + arguments)
            }
            for text in ["cat\ndog\n", "cat\r\ndog", "\u{FEFF}cat\ndog\n", " [\"cat\", \"dog\"]\n", "{\"1\": \"dog\", \"0\": \"cat\"}"] {
                let outcome = try run(text)
                #expect(outcome.status == 0, "\(text): \(outcome.errors)")
                let inspected = try Executable.run("inspect", "--json", target).output
                #expect(inspected.contains("[\"cat\",\"dog\"]"), "\(text)")
            }
            let refused = [
                ("{0: 'cat', 1: 'dog'}", "'labels' begins as JSON and is none, line 1, byte 2: expected a key in double quotes"),
                ("['cat', 'dog']", "line 1, byte 2: expected a value"), ("[\"cat\",\n \"dog\"", "line 2, byte 7: expected ',' or ']'"),
                ("[\"cat\", \"dog\",]", "line 1, byte 15: expected a value"),
                ("{\"cat\": 0, \"dog\": 1}", "label_names[\"cat\"] is 0; expected an index"),
                ("[[\"cat\"], [\"dog\"]]", "label_names[0] is [\"cat\"]; expected a string"), ("", "holds no labels"),
                ("[]", "holds no labels"),
            ]
            for (text, reason) in refused {
                let outcome = try run(text)
                #expect(outcome.status == 1, "\(text)")
                #expect(outcome.errors.contains(reason), "\(text): \(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: target))
            }
        }
    }

    @Test func keepsTypesAndConfigurationOfADirectory() throws {
        try inFolder { folder in
            let kept = folder.appending(path: "kept")
            let single = folder.appending(path: "single")
            #expect(try convert([model, kept.path(percentEncoded: false)]).status == 0)
            #expect(
                try convert([kept.path(percentEncoded: false), single.path(percentEncoded: false) + "/", "--dtype", "f32"]).status == 0)
            for target in [kept, single] {
                let configuration = try Data(contentsOf: target.appending(path: "config.json"))
                #expect(configuration == (try Data(contentsOf: URL(filePath: model + "/config.json"))))
            }
            // F16 values stand at the end of the file in the order of their names, whoever wrote it: the counters before them are left out.
            let source = try Data(contentsOf: URL(filePath: model + "/model.safetensors"))
            let half = try payload(kept.appending(path: "model.safetensors"))
            #expect(source.suffix(half.count) == half)
            #expect(try payload(single.appending(path: "model.safetensors")).count == 2 * half.count)
        }
    }

    /// What follows the header of a safetensors file.
    private func payload(_ file: URL) throws -> Data {
        let data = try Data(contentsOf: file)
        let header = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return data.dropFirst(8 + header)
    }

    @Test func leavesWhatIsThereAlone() throws {
        try inFolder { folder in
            let target = folder.appending(path: "taken")
            try Data("mine".utf8).write(to: target)
            let outcome = try convert([model, target.path(percentEncoded: false)])
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("'taken' exists already"))
            #expect(try Data(contentsOf: target) == Data("mine".utf8))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(percentEncoded: false) + "/dangling", withDestinationPath: "nowhere")
            #expect(try convert([model, folder.appending(path: "dangling").path(percentEncoded: false)]).status == 1)
            #expect(try convert([model, folder.appending(path: "no/such").path(percentEncoded: false)]).status == 1)
        }
    }

    @Test func aSourceThatIsNotThereIsNamed() throws {
        let outcome = try convert(["nothing.pth", "never"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("nothing.pth") && !outcome.errors.contains("config.json"), "\(outcome.errors)")
    }

    @Test func writesNothingThatTheServerWouldRefuse() throws {
        try inFolder { folder in
            let target = folder.appending(path: "refused").path(percentEncoded: false)
            let cases: [([String], String)] = [
                ([checkpoint, target, "--architecture", "resnet18"] + arguments, "fc.weight is [2, 2], expected [1000, 2]"),
                ([checkpoint, target, "--architecture", "resnet180"], "architecture \"resnet180\" is not known. Nearest are resnet18"),
                ([checkpoint, target], "config.json"),
                ([checkpoint, target, "--config", folder.path(percentEncoded: false) + "/none.json"], "none.json"),
                ([folder.path(percentEncoded: false), target, "--architecture", "resnet18"], "holds no weights"),
                ([target + ".pth", target, "--architecture", "resnet18"], "refused.pth"),
                (
                    [checkpoint, target, "--architecture", "resnet18", "--num-classes", "2", "--dtype", "f16"] + arguments,
                    "Tensor 'bn1.running_var' holds 100000.0, which is too large for F16"
                ),
            ]
            for (call, message) in cases {
                let outcome = try convert(call)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains(message), "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
                #expect(!FileManager.default.fileExists(atPath: target))
            }
        }
    }

    @Test func refusesNumbersThatAreNone() throws {
        try inFolder { folder in
            let made = folder.appending(path: "made")
            let source = made.path(percentEncoded: false)
            #expect(try convert([checkpoint, source, "--architecture", "resnet18", "--num-classes", "2"] + arguments).status == 0)
            let file = made.appending(path: "model.safetensors")
            var bytes = try Data(contentsOf: file)
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            let header = try #require(try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
            let entry = try #require(header["bn1.weight"] as? [String: Any])
            let offsets = try #require(entry["data_offsets"] as? [Int])
            let start = 8 + length + offsets[0]
            // A NaN, and minus infinity.
            bytes.replaceSubrange(start..<start + 8, with: [0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0xFF])
            try bytes.write(to: file)
            for type in ["keep", "bf16"] {
                let target = folder.appending(path: type).path(percentEncoded: false)
                let outcome = try convert([source, target, "--dtype", type])
                #expect(outcome.status == 1)
                #expect(
                    outcome.errors.contains("Tensor 'bn1.weight' of 2 numbers holds 1 NaN and 1 infinite ones"), "\(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: target))
            }
        }
    }

    @Test(arguments: [
        ["--dtype", "f64"], ["--num-classes", "2"], ["--architecture", "resnet18", "--num-classes", "0"],
        ["--architecture", "resnet18", "--config", "config.json"], ["--architecture", "resnet18", "--model-args", "[1]"],
        ["--architecture", "resnet18", "--input-size", "3"], ["--architecture", "resnet18", "--input-size", "[1, 28, 28]"],
        ["--architecture", "resnet18", "--interpolation", "linear"], ["--architecture", "resnet18", "--crop-pct", "0"],
        ["--architecture", "resnet18", "--crop-pct", "nan"], ["--architecture", "resnet18", "--crop-mode", "middle"],
        ["--architecture", "resnet18", "--mean", "[1, 2]"], ["--architecture", "resnet18", "--mean", "0.5"],
        ["--architecture", "resnet18", "--std", "[1, 0, 1]"], ["--mean", "[0, 0, 0]"], ["--statisch"],
    ])
    func wrongUsage(options: [String]) throws {
        let outcome = try convert([checkpoint, "never"] + options)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(options.first { $0.hasPrefix("--") && options.count == 1 } ?? "--"))
    }
}
