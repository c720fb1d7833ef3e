import Foundation
import FoveaGraph
import FoveaVision
import FoveaZoo
import Logging
import Synchronization
import Testing

@testable import FoveaServing

/// A network whose answers are simple arithmetic of the picture, and whose passes a test can hold up, count and fail.
final class FakeNetwork: PictureNetwork {
    struct Failure: Error {}

    let description: ModelDescription
    let weightBytes = 48
    let passBytes = (picture: 192, thread: 0)
    private let preparation: PicturePreparation
    private let rows: Int
    private let state = Mutex<(passes: [(pictures: Int, threads: Int)], fails: Bool)>(([], false))
    /// While closed, passes wait.
    let gate = Gate()

    /// - Parameters:
    ///   - rows: of the largest map.
    ///   - layer: that map's.
    init(
        architecture: String = "fake", labels: [String] = ["dark", "bright", "none"], rows: Int = 64, layer: String = "features.9"
    ) throws(ModelError) {
        self.rows = rows
        let preprocessing = ModelConfiguration.Preprocessing(
            inputSize: [3, 4, 4], interpolation: .nearest, cropFraction: 1, mean: [0, 0, 0], std: [1, 1, 1])
        preparation = try PicturePreparation(preprocessing, maxPixels: 10_000, decoding: DecodingBudget(maxPixels: 10_000))
        description = ModelDescription(
            architecture: architecture, numClasses: 3, labels: labels, inputSize: [3, 4, 4], parameters: 12,
            maps: [
                .init(layer: "features.4", kind: .channel, shape: [3]), .init(layer: "features.4", kind: .spatial, shape: [4, 4]),
                .init(layer: layer, kind: .spatial, shape: [rows, 32]),
            ], preprocessing: preprocessing, layers: [],
            explanationLayers: [
                ExplanationLayer(name: "features.12", shape: [5, 4, 4]), ExplanationLayer(name: "features.11", shape: [7, 2, 40]),
            ], hasExactCAM: true)
    }

    /// Maps of the class's index, and from the second position on a ramp.
    private static func explanations(_ request: ExplanationRequest?, _ mean: Float) -> [Explanation] {
        guard let request else { return [] }
        let classes = request.classes.isEmpty ? [mean >= 0 ? 1 : 0] : request.classes
        return request.layers.flatMap { layer in
            classes.map { index in
                let values = (0..<(layer == 0 ? 16 : 80)).map { Float(index) + Float($0) / 4 - 1 }
                return Explanation(method: request.method, layer: layer, classIndex: index, values: values)
            }
        }
    }

    var passes: [(pictures: Int, threads: Int)] { state.withLock { $0.passes } }

    func stepTimes(of inputs: [SessionInput], threads: Int) -> [StepTime] { [] }

    func fail(_ fails: Bool) {
        state.withLock { $0.fails = fails }
    }

    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput {
        try preparation.prepare(bytes)
    }

    func canvas(of bytes: [UInt8]) throws(ClassificationError) -> Picture {
        try preparation.canvas(of: bytes)
    }

    /// Logits: less the mean, the mean, -1. Maps: the channels' means; the first channel; a ramp over the rows.
    func run(_ inputs: [SessionInput], threads: Int, isWanted: (@Sendable (Int) -> Bool)?) throws -> [SessionOutput] {
        gate.pass()
        let fails = state.withLock { state in
            state.passes.append((inputs.count, threads))
            return state.fails
        }
        if fails { throw Failure() }
        return inputs.enumerated().map { index, input in
            if let isWanted, !isWanted(index) { return SessionOutput(logits: [], maps: []) }
            let planes = (0..<3).map { Array(input.values[$0 * 16..<($0 + 1) * 16]) }
            let means = planes.map { $0.reduce(0, +) / 16 }
            let mean = means.reduce(0, +) / 3
            let ramp = (0..<rows).flatMap { row in [Float](repeating: Float(row), count: 32) }
            let maps = [means, planes[0], ramp]
            return SessionOutput(
                logits: [-mean, mean, -1], maps: input.taps.map { maps[$0] }, explanations: Self.explanations(input.explanation, mean))
        }
    }
}

/// Lets threads through while it is open.
final class Gate: Sendable {
    private let monitor = Monitor((isOpen: true, waiting: 0))

    func close() { monitor.withLockNotifyingAll { $0.isOpen = false } }

    func open() { monitor.withLockNotifyingAll { $0.isOpen = true } }

    func pass() {
        monitor.withLockNotifyingAll { $0.waiting += 1 }
        monitor.wait { state in state.isOpen ? .done(()) : .wait }
        monitor.withLockNotifyingAll { $0.waiting -= 1 }
    }

    var waiting: Int { monitor.withLock { $0.waiting } }
}

/// A folder that goes away with its last reference.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "fovea-serving-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, to path: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func link(_ path: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: path).path(percentEncoded: false), withDestinationPath: destination)
    }
}

extension Logger {
    static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}

/// Encoded pictures.
enum TestPictures {
    /// A PNG of one grey.
    static func grey(_ value: UInt8, width: Int = 4, height: Int = 4) throws -> [UInt8] {
        let pixels = [UInt8](repeating: value, count: width * height)
        return try PNGEncoder.encode(try #require(Picture(width: width, height: height, channels: 1, pixels: pixels)))
    }
}

/// Waits until `condition` holds; says whether it did within ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<2000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return false
}
