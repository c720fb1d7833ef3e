import FoveaGraph

/// What a pass hands out beside its logits.
struct PassContents: Sendable, Hashable {
    /// Indices into the description's maps.
    var maps: [Int] = []
    /// The classes and layers to explain, if any.
    var explanation: ExplanationRequest?
}
