import FoveaGraph
import FoveaVision

/// The answer to one picture.
public struct Classification: Sendable {
    /// One of the best classes.
    public struct Prediction: Sendable, Hashable {
        /// The class's index in the logits.
        public var index: Int
        /// The model's name for the class; the index as text where it has none.
        public var label: String
        /// The softmax of the logits, computed in double precision.
        public var probability: Double
        /// The network's score, before the softmax.
        public var logit: Float
    }

    /// One layer's attention.
    public struct Attention: Sendable, Hashable {
        /// The module's path in the PyTorch model.
        public var layer: String
        /// What the numbers stand for.
        public var kind: AttentionKind
        /// The shape of `values`.
        public var shape: [Int]
        /// Height and width of the layer's own map; only for spatial kinds.
        public var size: [Int]?
        /// Of the layer's own map, before any averaging down.
        public var min, max, mean: Float
        /// Row-major in `shape`; nothing for a summary.
        public var values: [Float]?
        /// What a person reads of it; only for a summary.
        public var summary: AttentionSummary?
        /// A PNG file of the map over the picture, where it was asked for.
        public var overlay: [UInt8]?
    }

    /// What spoke for a class, and where.
    public struct Explanation: Sendable, Hashable {
        /// How it was computed.
        public var method: FoveaGraph.Explanation.Method
        /// The module's path in the PyTorch model: the one whose output is explained.
        public var layer: String
        /// The class's index in the logits.
        public var classIndex: Int
        /// The model's name for the class; the index as text where it has none.
        public var label: String
        /// The shape of `values`.
        public var shape: [Int]
        /// Height and width of the layer's own map.
        public var size: [Int]
        /// Of the layer's own map, before any averaging down.
        public var min, max, mean: Float
        /// Row-major in `shape`, unscaled; nothing for a summary.
        public var values: [Float]?
        /// A PNG file of the map over the picture, where it was asked for.
        public var overlay: [UInt8]?
    }

    /// The picture, and which part of it the network saw.
    public struct Image: Sendable, Hashable {
        /// Of the upright picture, in pixels.
        public var width, height: Int
        /// The EXIF orientation that was applied, 1 to 8.
        public var orientation: Int
        /// In pixels of the upright picture.
        public var crop: CropRectangle
    }

    /// Where the time went.
    public struct Timing: Sendable, Hashable {
        public var decode, preprocess, queue, inference, total: Duration
    }

    /// The model that answered.
    public var model: String
    /// Its version.
    public var version: String
    /// The best first.
    public var predictions: [Prediction]
    /// In the order of the pass.
    public var attention: [Attention]
    /// One for each layer and class that was asked for; `nil` where none was.
    public var explanation: [Explanation]?
    /// The picture, and what the network saw of it.
    public var image: Image
    /// Where the time went.
    public var timing: Timing
    /// Pictures that shared the pass.
    public var batchSize: Int
    /// The memory that the drawings may take, for as long as this lives.
    var drawings: DrawingLease?

    /// Takes the drawings out of the answer.
    ///
    /// - Returns: PNG files, each with a name of its own among them: `<layer>.<kind>`, and `<layer>.<method>.<class's index>`.
    public mutating func takeDrawings() -> [(name: String, file: [UInt8])] {
        var taken: [(name: String, file: [UInt8])] = []
        for place in attention.indices {
            guard let file = attention[place].overlay else { continue }
            attention[place].overlay = nil
            taken.append(("\(attention[place].layer).\(attention[place].kind.rawValue)", file))
        }
        for place in explanation?.indices ?? 0..<0 {
            guard let map = explanation?[place], let file = map.overlay else { continue }
            explanation?[place].overlay = nil
            taken.append(("\(map.layer).\(map.method.rawValue).\(map.classIndex)", file))
        }
        drawings = nil
        return taken
    }
}
