/// `config.json` as timm writes it, in its newer and its flat form.
public struct ModelConfiguration: Sendable {
    public let architecture: String
    public let numClasses: Int
    public let labels: [String]
    public let preprocessing: Preprocessing

    /// How a picture becomes the network's input.
    public struct Preprocessing: Sendable, Hashable {
        public enum Interpolation: String, Sendable { case nearest, box, bilinear, hamming, bicubic, lanczos }
        public enum CropMode: String, Sendable { case center, squash, border }
        public enum Orientation: String, Sendable { case exif, ignore }

        /// [C, H, W].
        public var inputSize: [Int]
        public var interpolation: Interpolation
        public var cropFraction: Double
        public var cropMode: CropMode
        public var mean: [Float]
        public var std: [Float]
        public var orientation: Orientation
    }
}
