import FoveaGraph

/// One picture's share of a pass.
struct PicturePass: Sendable {
    /// What is known of the picture; without the numbers that went into the pass.
    var prepared: PreparedInput
    var output: SessionOutput
    var queue: Duration
    var inference: Duration
    var batchSize: Int
    /// The picture's place among those of its batch.
    var place: Int
}
