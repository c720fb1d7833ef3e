import FoveaGraph
import FoveaJSON
import FoveaSystem

/// Measures maps on labelled pictures: deletion, insertion and the pointing game.
///
/// *Deletion* replaces pixels with the mean colour, the map's greatest values first, and watches the probability of the class that the network named: it should fall
/// soon. *Insertion* uncovers them on a blurred picture: it should rise soon (Petsiuk, Das and Saenko, "RISE", 2018). The *pointing game* asks whether the map's
/// greatest value is on the labelled object (Zhang et al., "Top-down Neural Attention by Excitation Backprop", 2016): within its box where there are boxes; otherwise
/// in its quarter of a mosaic of four pictures of four classes (Böhle, Fritz and Schiele, "Convolutional Dynamic Alignment Networks", 2021).
public struct ExplanationEvaluation: Sendable {
    /// A labelled picture.
    public struct Picture: Sendable, Hashable {
        /// A file, and its path below the folder, by which boxes name it.
        public var file, path: String
        /// The name of its class.
        public var label: String

        /// A picture of a folder.
        public init(file: String, path: String, label: String) {
            (self.file, self.path, self.label) = (file, path, label)
        }
    }

    /// How it is measured.
    public struct Options: Sendable {
        /// Into how many equal parts the pixels are cut.
        public var steps = 16
        /// The most pictures that are measured; a random choice where there are more.
        public var pictures = 500
        /// Of whatever is chosen at random.
        public var seed: UInt64 = 1
        /// Where the objects are; mosaics are made where there are none.
        public var boxes: BoxList?
        /// For passes.
        public var threads = 1

        /// The defaults.
        public init() {}
    }

    private let served: ServedModel
    private let maps: EvaluatedMaps
    private let options: Options
    /// Inputs of one call: enough for every thread, and few enough to be held.
    private static let inputsAtOnce = 64

    /// - Parameter model: a name in the store; the default model where it is `nil`.
    public init(store: ModelStore, model: String?, options: Options) throws(ClassificationError) {
        served = try store.served(model, version: nil)
        maps = EvaluatedMaps(served.network.description)
        self.options = options
    }

    /// Measures every picture.
    ///
    /// - Parameter progress: told how many pictures are done, of how many.
    /// - Throws: a label that is no class of the model, and a picture that cannot be read.
    public func run(_ pictures: [Picture], progress: (Int, Int) -> Void = { _, _ in }) throws -> EvaluationReport {
        let classes = try classes(of: pictures)
        var generator = SplitMix64(seed: options.seed)
        var chosen = pictures.shuffled(using: &generator)
        // A picture without a box has nothing to point at.
        if let boxes = options.boxes { chosen.removeAll { boxes.boxes(of: $0.path).isEmpty } }
        chosen = Array(chosen.prefix(options.pictures))
        guard !chosen.isEmpty else {
            throw ClassificationError.badRequest("There is no picture to measure; expected FOLDER/<label>/<picture>.")
        }
        var tally = EvaluationTally(maps: maps, steps: options.steps)
        for (index, picture) in chosen.enumerated() {
            let prepared = try prepare(picture)
            guard let label = classes[picture.label] else { continue }
            try measure(prepared.values, label: label, &tally, &generator)
            if let boxes = options.boxes {
                try point(prepared, at: boxes.boxes(of: picture.path), label: label, &tally, &generator)
            } else {
                try pointIntoMosaic(prepared.values, picture, label: label, among: pictures, &tally, &generator)
            }
            progress(index + 1, chosen.count)
        }
        return tally.report(
            EvaluationReport(
                model: served.name, version: served.version, pictures: chosen.count, right: 0, steps: options.steps, seed: options.seed,
                game: options.boxes == nil ? .grid : .boxes, rows: []))
    }

    // MARK: - Deletion and insertion

    private func measure(_ values: [Float], label: Int, _ tally: inout EvaluationTally, _ generator: inout SplitMix64) throws {
        let outputs = try run(maps.inputs(values, target: nil))
        let logits = outputs.first?.logits ?? []
        let best = Softmax.order(logits).first ?? 0
        tally.add(isRight: best == label)
        let (_, height, width) = size
        let mean = [Float](repeating: 0, count: values.count)
        let blurred = Blur.gaussian(values, height: height, width: width)
        let orders = maps.fields(outputs, generator: &generator).map { PixelOrder($0, generator: &generator) }
        // The ends are the same for every map.
        let ends = try probabilities([values, mean, blurred], of: best)
        let shares = (1..<max(1, options.steps)).map { Double($0) / Double(options.steps) }
        for (place, order) in orders.enumerated() {
            let deletion = try probabilities(shares.lazy.map { order.mixed($0, of: mean, with: values) }, of: best)
            let insertion = try probabilities(shares.lazy.map { order.mixed($0, of: values, with: blurred) }, of: best)
            tally.add(deletion: [ends[0]] + deletion + [ends[1]], insertion: [ends[2]] + insertion + [ends[0]], at: place)
        }
    }

    private func probabilities(_ pictures: some Collection<[Float]>, of target: Int) throws -> [Double] {
        try run(pictures.lazy.map { SessionInput(values: $0) }).map { Softmax.probabilities($0.logits)[target] }
    }

    /// Makes of lazy inputs no more at a time than it runs: there may be a thousand of a map.
    private func run(_ inputs: some Collection<SessionInput>) throws -> [SessionOutput] {
        var outputs: [SessionOutput] = []
        var rest = inputs[...]
        while !rest.isEmpty {
            outputs += try served.network.run(Array(rest.prefix(Self.inputsAtOnce)), threads: options.threads)
            rest = rest.dropFirst(Self.inputsAtOnce)
        }
        return outputs
    }

    // MARK: - The pointing game

    private func point(
        _ prepared: PreparedInput, at boxes: [BoxList.Box], label: Int, _ tally: inout EvaluationTally, _ generator: inout SplitMix64
    ) throws {
        let fields = maps.fields(try run(maps.inputs(prepared.values, target: label)), generator: &generator)
        let (_, height, width) = size
        let crop = prepared.image.crop
        for (place, field) in fields.enumerated() {
            let peak = PixelOrder.peak(field, generator: &generator)
            let x = crop.x + (Double(peak % width) + 0.5) * crop.width / Double(width)
            let y = crop.y + (Double(peak / width) + 0.5) * crop.height / Double(height)
            tally.add(isHit: boxes.contains { $0.contains(x: x, y: y) }, at: place)
        }
    }

    private func pointIntoMosaic(
        _ values: [Float], _ picture: Picture, label: Int, among pictures: [Picture], _ tally: inout EvaluationTally,
        _ generator: inout SplitMix64
    ) throws {
        var labels: Set<String> = [picture.label]
        var parts = [values]
        // Three others, each of another class. With fewer than four classes there is no such mosaic.
        for _ in 0..<1000 where parts.count < 4 {
            guard let other = pictures.randomElement(using: &generator), labels.insert(other.label).inserted else { continue }
            parts.append(try prepare(other).values)
        }
        guard parts.count == 4 else { return }
        let quarter = Int.random(in: 0..<4, using: &generator)
        parts.swapAt(0, quarter)
        let (channels, height, width) = size
        let mosaic = Mosaic(channels: channels, height: height, width: width)
        let fields = maps.fields(try run(maps.inputs(mosaic.compose(parts), target: label)), generator: &generator)
        for (place, field) in fields.enumerated() {
            tally.add(isHit: mosaic.quarter(of: PixelOrder.peak(field, generator: &generator)) == quarter, at: place)
        }
    }

    // MARK: -

    private var size: (channels: Int, height: Int, width: Int) {
        let size = served.network.description.inputSize
        return (size[0], size[1], size[2])
    }

    private func prepare(_ picture: Picture) throws(ClassificationError) -> PreparedInput {
        do throws(ClassificationError) {
            return try served.network.prepare(PictureFile.bytes(of: picture.file))
        } catch {
            throw ClassificationError.undecodablePicture("'\(picture.file)': \(error.detail)")
        }
    }

    private func classes(of pictures: [Picture]) throws(ClassificationError) -> [String: Int] {
        let labels = served.network.description.labels
        let classes = Dictionary(zip(labels, labels.indices)) { first, _ in first }
        for label in Set(pictures.map(\.label)).sorted() where classes[label] == nil {
            let known = labels.prefix(20).map { $0.shown() }.joined(separator: ", ") + (labels.count > 20 ? ", …" : "")
            throw .badRequest("The folder '\(label.shown())' has the name of no class of the model '\(served.name)': \(known).")
        }
        return classes
    }
}
