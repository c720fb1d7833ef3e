/// One picture's share of a pass.
public struct SessionInput: Sendable {
    /// The normalised picture, [C, H, W] row-major, of the graph's input shape.
    public var values: [Float]
    /// Indices into `Graph.taps` of the maps to hand out; the others are not copied.
    public var taps: [Int]

    public init(values: [Float], taps: [Int] = []) {
        self.values = values
        self.taps = taps
    }
}

/// What a pass computed for one picture.
public struct SessionOutput: Sendable {
    /// One score per class, before any softmax.
    public var logits: [Float]
    /// The maps asked for, in the order of `SessionInput.taps`, each row-major in its tap's shape.
    public var maps: [[Float]]

    public init(logits: [Float], maps: [[Float]]) {
        self.logits = logits
        self.maps = maps
    }
}

/// A plan running: the arena and scratch memory of one worker. Sessions of one plan share its packed weights.
public final class Session {
    /// Prepares to run `plan`; all memory that a pass needs is allocated here.
    public init(plan: Plan) {
        self.plan = plan
    }

    private let plan: Plan

    /// Runs one pass over the pictures on up to `threads` threads; a picture's result does not depend on the others nor on `threads`.
    public func run(_ inputs: [SessionInput], threads: Int = 1) throws -> [SessionOutput] {
        fatalError("skeleton")
    }
}
