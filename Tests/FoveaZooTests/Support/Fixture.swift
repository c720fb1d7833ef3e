import Foundation
import FoveaCheckpoints
import Testing

@testable import FoveaZoo

/// A case of `weights/recipes/fixtures.py`: a model directory and what PyTorch makes of it in float64.
struct Fixture: Sendable, CustomTestStringConvertible {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(component: "Fixtures")

    /// Every case, by name.
    static let all: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map(Fixture.init).filter {
            FileManager.default.fileExists(atPath: $0.directory.appending(component: "config.json").path)
        }
    }()

    let name: String
    var directory: URL { Self.folder.appending(component: name) }
    var testDescription: String { name }

    func expected() throws -> Checkpoint {
        try Checkpoint(file: directory.appending(component: "expected.safetensors"))
    }

    func configuration() throws -> ModelConfiguration {
        try ModelConfiguration(file: directory.appending(component: "config.json"))
    }

    /// The shapes of the stored tensors, to be tampered with.
    func shapes() throws -> [String: [Int]] {
        try Checkpoint(directory: directory).tensors.mapValues(\.shape)
    }
}
