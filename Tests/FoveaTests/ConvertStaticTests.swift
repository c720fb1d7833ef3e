import Foundation
import Testing

/// `fovea convert --static`, as a process.
@Suite struct ConvertStaticTests {
    private let model = Executable.file("weights/odresnet-cifar10")

    /// A folder `name` with the page's sample under each of the labels.
    private func labelled(_ folder: URL, _ name: String, _ labels: [String]) throws -> String {
        for label in labels {
            let place = folder.appending(path: name).appending(path: label)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: URL(filePath: Executable.file("Sources/FoveaServing/Page/sample.jpg")), to: place.appending(path: "one.jpg"))
        }
        return folder.appending(path: name).path(percentEncoded: false)
    }

    @Test func writesAPlainModelThatClassifies() throws {
        try inFolder { folder in
            let calibration = try labelled(folder, "some", ["cat", "dog"])
            let target = folder.appending(path: "made").path(percentEncoded: false)
            let outcome = try Executable.run(["convert", model, target, "--static", "--calibration", calibration])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("made: resnet18, 701466 parameters"))
            #expect(outcome.output.contains("static: 19 layers (layer1.0.conv1, "))
            // One picture under two labels: one of them is right, or none.
            #expect(outcome.output.contains("accuracy: dynamic "))
            // The mean over one picture, twice, is that picture's: nothing but rounding to float16 is between the two.
            #expect(outcome.output.contains("agreement: 100.00 % (2 of 2)"))
            #expect(outcome.output.contains("speed: one picture on one thread "))
            let sample = calibration + "/cat/one.jpg"
            let results = try [model, target].map {
                try Executable.run("classify", sample, "--model", $0, "--top-k", "1", "--format", "csv")
            }
            #expect(results.allSatisfy { $0.status == 0 })
            let classes = results.map { $0.output.split(separator: "\n").last?.split(separator: ",").dropFirst().prefix(2).joined() }
            #expect(classes[0] == classes[1])
            let inspected = try Executable.run("inspect", target)
            #expect(!inspected.output.contains("ODConv"))
        }
    }

    @Test func noiseNeedsNoPictures() throws {
        try inFolder { folder in
            let target = folder.appending(path: "made").path(percentEncoded: false)
            let outcome = try Executable.run(["convert", model, target, "--static", "--noise"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!outcome.output.contains("accuracy"))
            let unlabelled = try labelled(folder, "other", ["unknown"])
            let compared = try Executable.run(["convert", model, target + "2", "--static", "--noise", "--evaluate", unlabelled])
            #expect(compared.output.contains("agreement: "))
            #expect(!compared.output.contains("accuracy: "))
        }
    }

    @Test func refusesFoldersThatAreOfNoUse() throws {
        try inFolder { folder in
            let target = folder.appending(path: "never").path(percentEncoded: false)
            func write(_ name: String, _ bytes: Data) throws -> String {
                let place = folder.appending(path: name)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try bytes.write(to: place.appending(path: "one.png"))
                return place.path(percentEncoded: false)
            }
            try FileManager.default.createDirectory(at: folder.appending(path: "empty"), withIntermediateDirectories: true)
            let jpeg = try Data(contentsOf: URL(filePath: Executable.file("Sources/FoveaServing/Page/sample.jpg")))
            // A header that promises 60,000 × 60,000 pixels, and nothing behind it.
            var bomb = Data([
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60,
            ])
            bomb += Data([8, 2, 0, 0, 0, 0, 0, 0, 0])
            let hostile = [
                (folder.appending(path: "missing").path(percentEncoded: false), "There is no file or folder"),
                (folder.appending(path: "empty").path(percentEncoded: false), "There is no .jpg, .jpeg or .png file"),
                (try write("text", Data("no picture".utf8)), "one.png' is of no use"),
                (try write("nothing", Data()), "one.png' is of no use"),
                (try write("cut", jpeg.prefix(jpeg.count / 2)), "one.png' is of no use"),
                (try write("bomb", bomb), "one.png' is of no use"),
            ]
            for (place, reason) in hostile {
                let outcome = try Executable.run(["convert", model, target, "--static", "--calibration", place])
                #expect(outcome.status == 1, "\(place)")
                #expect(outcome.errors.contains(reason), "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
                #expect(!FileManager.default.fileExists(atPath: target))
            }
            // Good pictures to calibrate on, bad ones to compare on: nothing is left of the result either.
            let good = try labelled(folder, "good", ["cat"])
            let bad = folder.appending(path: "text").path(percentEncoded: false)
            let outcome = try Executable.run(["convert", model, target, "--static", "--calibration", good, "--evaluate", bad])
            #expect(outcome.status == 1)
            #expect(!FileManager.default.fileExists(atPath: target))
            let plain = Executable.file("weights/vgg16-local-cifar10")
            let nothing = try Executable.run(["convert", plain, target, "--static", "--calibration", good])
            #expect(nothing.status == 1)
            #expect(nothing.errors.contains("nothing to be made static"))
        }
    }

    @Test(arguments: [
        ["--static"], ["--static", "--calibration", "x", "--noise"], ["--calibration", "x"], ["--noise"], ["--evaluate", "x"],
        ["--static", "--noise", "--calibration-pictures", "0"], ["--static", "--noise", "--threads", "none"],
    ])
    func wrongUsage(options: [String]) throws {
        #expect(try Executable.run(["convert", model, "never"] + options).status == 64)
    }
}
