import FoundationEssentials
import FoveaCompute
import FoveaGraph
import FoveaSystem
import FoveaZoo
import Glibc

/// Makes a network's dynamic convolutions static: each takes the mean of its attentions over calibration pictures, layer by layer, so that
/// later layers are calibrated on what the static ones before them compute.
public struct StaticConversion: Sendable {
    /// What a layer's attentions are the mean of.
    public enum Calibration: Sendable, Hashable {
        /// Those of pictures.
        case pictures
        /// Those of one 3×3 map of Gaussian noise in place of the layer's input: no pictures, and no idea of what the layer really sees.
        case noise
    }

    /// Where a conversion stands: first in its layers, then in the pictures that both networks are compared on.
    public struct Progress: Sendable, Hashable {
        /// Layers or pictures that are finished.
        public var done: Int
        /// How many there are.
        public var total: Int
    }

    /// Files of pictures.
    private let calibration: [String]
    private let evaluation: [String]
    private let method: Calibration
    private let threads: Int
    private let maxPixels: Int
    private let progress: @Sendable (Progress) -> Void

    /// Calibration pictures as the network takes them, instead of files: for tests.
    var inputs: [[Float]]?

    /// Pictures whose inputs are in memory at a time while both networks are compared.
    private static let chunk = 64

    /// - Parameter calibration: Pictures for the means. One that cannot be decoded ends the conversion.
    /// - Parameter evaluation: Pictures that both networks are compared on; where each lies in a folder named after its class, the accuracy
    ///   is told too.
    public init(
        calibration: [String], evaluation: [String], method: Calibration = .pictures, threads: Int = 1, maxPixels: Int = 100_000_000,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.calibration = calibration
        self.evaluation = evaluation
        self.method = method
        self.threads = threads
        self.maxPixels = maxPixels
        self.progress = progress
    }

    /// The network with every dynamic layer static.
    func freeze(_ network: Network) throws -> StaticNetwork {
        var result = try StaticNetwork(network)
        let reader = try PictureReader(network, maxPixels: maxPixels)
        let inputs = try inputs ?? calibration.map(reader.input)
        if method == .pictures, inputs.isEmpty {
            throw ModelError("There are no calibration pictures; the means of the attentions need some.")
        }
        let layers = result.graph.dynamicLayers.count
        var done = 0
        while let layer = result.next {
            let means: [[Double]]
            switch method {
            case .pictures:
                means = try Self.means(result.graph.attentions(of: layer), inputs, threads: threads)
            case .noise:
                let alone: Graph
                do throws(GraphError) { alone = try result.graph.attentionsAlone(of: layer) } catch { throw ModelError("\(error).") }
                means = try Self.means(alone, [Self.noise(layer.inputShape, seed: UInt64(done + 1))], threads: 1)
            }
            try result.freeze(layer, attentions: means)
            done += 1
            progress(Progress(done: done, total: layers))
        }
        return result
    }

    /// Both networks on the evaluation's pictures.
    func compare(_ dynamic: Network, _ made: Network) throws -> StaticComparison {
        var comparison = StaticComparison(pictures: evaluation.count)
        let labels = Dictionary(dynamic.configuration.labels.enumerated().map { ($1, $0) }) { first, _ in first }
        let truth = evaluation.map { labels[URL(filePath: $0).deletingLastPathComponent().lastPathComponent] }
        comparison.isLabelled = !truth.isEmpty && truth.allSatisfy { $0 != nil }
        let reader = try PictureReader(dynamic, maxPixels: maxPixels)
        let teams = TeamPool(threads: threads, spins: false)
        let sessions = [dynamic, made].map { Session(plan: Plan($0.graph), teams: teams) }
        for start in stride(from: 0, to: evaluation.count, by: Self.chunk) {
            let part = start..<min(start + Self.chunk, evaluation.count)
            let inputs = try evaluation[part].map { SessionInput(values: try reader.input($0)) }
            let logits = try sessions.map { try $0.run(inputs, threads: threads).map(\.logits) }
            for (index, pair) in zip(logits[0], logits[1]).enumerated() { comparison.add(pair.0, pair.1, truth: truth[start + index]) }
            if start == 0, let first = inputs.first { comparison.time(sessions[0], sessions[1], first) }
            progress(Progress(done: part.upperBound, total: evaluation.count))
        }
        return comparison
    }

    // MARK: -

    /// The mean of each of a graph's maps over the inputs.
    private static func means(_ graph: Graph, _ inputs: [[Float]], threads: Int) throws -> [[Double]] {
        let session = Session(plan: Plan(graph), teams: TeamPool(threads: threads, spins: false))
        let taps = Array(graph.taps.indices)
        var sums = graph.taps.map { [Double](repeating: 0, count: $0.shape.reduce(1, *)) }
        for start in stride(from: 0, to: inputs.count, by: Session.picturesPerPass) {
            let part = inputs[start..<min(start + Session.picturesPerPass, inputs.count)]
            for output in try session.run(part.map { SessionInput(values: $0, taps: taps) }, threads: threads) {
                for (tap, map) in output.maps.enumerated() {
                    for index in map.indices { sums[tap][index] += Double(map[index]) }
                }
            }
        }
        return sums.map { $0.map { $0 / Double(inputs.count) } }
    }

    /// A map that has in each channel the mean of nine Gaussian numbers: all that an attention behind a global pooling sees of 3×3 noise.
    private static func noise(_ shape: [Int], seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        let area = shape.dropFirst().reduce(1, *)
        return (0..<(shape.first ?? 0)).flatMap { _ in
            let sum = (0..<9).reduce(0.0) { sum, _ in
                // Box and Muller's transform; 1 - u is never 0.
                let (u, v) = (Double.random(in: 0..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
                return sum + (-2 * log(1 - u)).squareRoot() * cos(2 * Double.pi * v)
            }
            return [Float](repeating: Float(sum / 9), count: area)
        }
    }

    /// Reads pictures as a network takes them.
    private struct PictureReader {
        let preparation: PicturePreparation

        init(_ network: Network, maxPixels: Int) throws(ModelError) {
            preparation = try PicturePreparation(
                network.configuration.preprocessing, maxPixels: maxPixels, decoding: DecodingBudget(maxPixels: maxPixels))
        }

        func input(_ file: String) throws(ModelError) -> [Float] {
            do throws(ClassificationError) {
                return try preparation.prepare(PictureFile.bytes(of: file)).values
            } catch {
                throw ModelError("The picture '\(file)' is of no use: \(error.detail)")
            }
        }
    }
}
