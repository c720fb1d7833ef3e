import FoveaGraph
import FoveaVision

/// A network that is ready to run, as the workers and the routes see it.
protocol PictureNetwork: Sendable {
    /// What there is to know of it.
    var description: ModelDescription { get }

    /// Memory that the weights take.
    var weightBytes: Int { get }

    /// Memory that a pass takes for each of its pictures, and for each thread.
    var passBytes: (picture: Int, thread: Int) { get }

    /// Decodes and preprocesses a picture. Called on a thread that may be kept busy.
    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput

    /// Decodes a picture for drawing on: upright, and no larger than an overlay is. Called on a thread that may be kept busy.
    func canvas(of bytes: [UInt8]) throws(ClassificationError) -> Picture

    /// Runs one pass on the calling thread and up to `threads - 1` others.
    ///
    /// - Parameter isWanted: asked between layers, from any of them; where it says no, the picture's output is without logits.
    func run(_ inputs: [SessionInput], threads: Int, isWanted: (@Sendable (Int) -> Bool)?) throws -> [SessionOutput]

    /// Runs one pass likewise and tells how long each of its steps took.
    func stepTimes(of inputs: [SessionInput], threads: Int) throws -> [StepTime]
}

extension PictureNetwork {
    /// Runs one pass to its end.
    func run(_ inputs: [SessionInput], threads: Int) throws -> [SessionOutput] {
        try run(inputs, threads: threads, isWanted: nil)
    }
}

/// A picture that is ready for the network, and what became of it on the way.
struct PreparedInput: Sendable {
    /// [C, H, W] row-major, normalised.
    var values: [Float]
    var image: Classification.Image
    /// The encoded picture, where there was one.
    var encoded: [UInt8] = []
    /// For a thread to decode on.
    var waited = Duration.zero
    var decode: Duration
    var preprocess: Duration
}
