/// One picture's share of a pass.
public struct SessionInput: Sendable {
    /// The normalised picture, [C, H, W] row-major, of the graph's input shape.
    public var values: [Float]
    /// Indices into `Graph.taps` of the maps to hand out; the others are not copied.
    public var taps: [Int]
    /// The classes and layers to explain, if any.
    public var explanation: ExplanationRequest?

    /// A picture and what to hand out of its pass.
    public init(values: [Float], taps: [Int] = [], explanation: ExplanationRequest? = nil) {
        self.values = values
        self.taps = taps
        self.explanation = explanation
    }
}
