/// What a pass computed for one picture.
public struct SessionOutput: Sendable {
    /// One score per class, before any softmax; empty where the picture was given up on the way.
    public var logits: [Float]
    /// The maps asked for, in the order of `SessionInput.taps`, each row-major in its tap's shape.
    public var maps: [[Float]]
    /// One for each layer and class asked for, a layer's classes one after the other.
    public var explanations: [Explanation]
    /// By node, what the explanations will be made of.
    var saved: [Int: [Float]] = [:]

    /// What was computed.
    public init(logits: [Float], maps: [[Float]], explanations: [Explanation] = []) {
        self.logits = logits
        self.maps = maps
        self.explanations = explanations
    }
}
