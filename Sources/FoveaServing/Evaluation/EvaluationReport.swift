/// How well maps say what a network's answers depend on.
public struct EvaluationReport: Sendable {
    /// A mean over the pictures, and its standard error.
    public struct Estimate: Sendable, Hashable {
        /// NaN where there are no pictures.
        public var mean: Double
        /// The standard error of the mean; NaN for fewer than two pictures.
        public var error: Double

        init(_ values: [Double]) {
            let count = Double(values.count)
            mean = values.isEmpty ? .nan : values.reduce(0, +) / count
            let center = mean
            let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
            error = values.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan
        }
    }

    /// The best class's probability as pixels are covered up or uncovered.
    public struct Curve: Sendable, Hashable {
        /// At shares of the pixels from 0 to 1 in equal steps; means over the pictures.
        public var probabilities: [Double]
        /// The area under it, from 0 to 1.
        public var area: Estimate
        /// By how much the area differs from the random map's on the same picture.
        public var againstRandom: Estimate
    }

    /// How often a map's greatest value was on the object.
    public struct Pointing: Sendable, Hashable {
        /// Pictures whose peak was on the object, and pictures.
        public var hits, count: Int

        /// From 0 to 1; NaN where there are no pictures.
        public var share: Double { count > 0 ? Double(hits) / Double(count) : .nan }

        /// Within which the share lies with 95 % confidence (Wilson's score interval).
        public var interval: (low: Double, high: Double) {
            guard count > 0 else { return (.nan, .nan) }
            let (n, z) = (Double(count), 1.96)
            let center = (share + z * z / (2 * n)) / (1 + z * z / n)
            let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
            return (max(0, center - half), min(1, center + half))
        }
    }

    /// One kind of map.
    public struct Row: Sendable, Hashable {
        /// `cam`, `gradcam`, `hirescam`, `attention`, `random` or `centre`.
        public var method: String
        /// The layer whose map it is; nothing for maps that are not of the network.
        public var layer: String?
        /// Height and width.
        public var size: [Int]
        /// What covering up and uncovering did.
        public var deletion, insertion: Curve
        /// Nothing where no object could be pointed at.
        public var pointing: Pointing?
    }

    /// Where the objects of the pointing game are.
    public enum Game: String, Sendable { case grid, boxes }

    /// The model that was measured.
    public var model: String
    /// Its version.
    public var version: String
    /// Pictures that were measured, and those of them that the model names rightly.
    public var pictures, right: Int
    /// Into how many equal parts the pixels were cut.
    public var steps: Int
    /// Of whatever was chosen at random.
    public var seed: UInt64
    /// Where the objects of the pointing game were.
    public var game: Game
    /// The network's own first, in the order of the pass; `random` last.
    public var rows: [Row]
}
