import FoveaGraph
import FoveaVision

/// The answer to one picture.
public struct Classification: Sendable {
    /// One of the best classes.
    public struct Prediction: Sendable, Hashable {
        /// The class's index in the logits.
        public var index: Int
        public var label: String
        /// The softmax of the logits, computed in double precision.
        public var probability: Double
        public var logit: Float
    }

    /// One layer's attention.
    public struct Attention: Sendable, Hashable {
        /// The module's path in the PyTorch model.
        public var layer: String
        public var kind: AttentionKind
        /// The shape of `values`.
        public var shape: [Int]
        /// Height and width of the layer's own map; only for spatial kinds.
        public var size: [Int]?
        /// Of the layer's own map, before any averaging down.
        public var min, max, mean: Float
        /// Row-major in `shape`; nothing for a summary.
        public var values: [Float]?
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

    public var model: String
    public var version: String
    /// The best first.
    public var predictions: [Prediction]
    /// In the order of the pass.
    public var attention: [Attention]
    public var image: Image
    public var timing: Timing
    /// Pictures that shared the pass.
    public var batchSize: Int
}
