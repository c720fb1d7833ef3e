import FoveaCompute

/// The way back from a plan's logits to the layers that can be explained.
///
/// It keeps no values and costs a pass nothing: what a gradient is made of is copied out of the arena when the step that computes it is
/// done, and only for a picture that asks.
struct ExplanationPlan: Sendable {
    /// A layer that can be explained.
    struct Target: Sendable {
        let layer: ExplanationLayer
        let node: Int
        /// The nodes behind it that lead to the logits, the last first.
        let path: [Int]
        /// Indices of what must be copied out of the pass.
        let saves: Set<Int>
        /// The nodes whose values are computed anew from those, in an order in which each comes after its inputs: they were fused into
        /// other steps and are nowhere in the arena.
        let recomputed: [Int]
    }

    /// A value that is copied out of the pass.
    struct Save: Sendable {
        let node: Int
        /// Where it lies in the arena.
        let offset: Int
        /// What it is blocked as; `nil` where it is row-major.
        let blocks: (channels: Int, area: Int)?
        let count: Int

        func read(_ arena: UnsafeMutablePointer<Float>) -> [Float] {
            guard let blocks else { return Array(UnsafeBufferPointer(start: arena + offset, count: count)) }
            return Blocked.rowMajor(arena + offset, channels: blocks.channels, area: blocks.area)
        }
    }

    /// The one that is explained where none is named first: the head's input, or, where that has a single position and no class activation
    /// map of its own, the next larger map. The others from the logits on.
    let targets: [Target]
    let saves: [Save]
    /// For each step the saves that it computes.
    let savesOfSteps: [Int: [Int]]
    let nodes: [Int: TailNode]
    /// The linear layer that computes the logits, and the step that it is.
    let output: Int
    let outputStep: Int
    /// Whether the head is the global mean of its input's channels and one linear layer.
    let isPooled: Bool

    /// Weights of gates' convolutions, kept as they are stored.
    var weightCount: Int {
        nodes.values.reduce(0) { sum, node in
            if case .convolution(_, let weight) = node.kind { sum + weight.values.count } else { sum }
        }
    }

    /// The methods that a picture's maps are computed by: no head but a pooled linear one has a class activation map of its own.
    func method(_ asked: Explanation.Method) -> Explanation.Method {
        asked == .cam && !isPooled ? .gradcam : asked
    }
}
