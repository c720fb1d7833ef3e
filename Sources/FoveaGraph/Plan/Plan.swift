import FoveaCompute
import FoveaKernels

/// How a graph is run: folded and packed weights, fused steps, places in the arena. Immutable and shared by all workers.
public struct Plan: Sendable {
    /// [C, H, W] of one picture.
    public let inputShape: Shape
    /// The number of logits.
    public let numClasses: Int
    /// The maps that a pass can hand out.
    public let taps: [Graph.Tap]

    let steps: [Step]
    /// The steps again, as a batch runs them.
    let stretches: [Stretch]
    let constants: Constants
    /// The kernels that run it.
    let kernels: any KernelSet.Type
    /// Numbers of memory for one picture's intermediates.
    let arenaCount: Int
    /// Numbers of memory that each thread needs beside them.
    let scratchCount: Int
    /// Offsets in the arena.
    let input: Int
    let output: Int
    /// Of each tap, the offset of its value, and its number of elements.
    let tapPlaces: [(offset: Int, count: Int)]
    /// Taps of the input itself, which no step computes.
    let inputTaps: [Int]
    /// The way back to the layers that can be explained, if there is one.
    let explanation: ExplanationPlan?

    /// Whether every weight can be stored in the precision that was asked for. In 16-bit integers a weight that is no number, or beyond their range, cannot: answers would
    /// be wrong.
    public var weightsFit: Bool { constants.fit }
    /// Bytes of packed weights, and of those that are kept for explanations beside them.
    public var weightBytes: Int { (constants.count + (explanation?.weightCount ?? 0)) * MemoryLayout<Float>.stride }
    /// Bytes of intermediates for each picture that runs at the same time.
    public var arenaBytes: Int { arenaCount * MemoryLayout<Float>.stride }
    /// Bytes that each thread of a session needs beside them.
    public var scratchBytes: Int { scratchCount * MemoryLayout<Float>.stride }

    /// Folds, fuses and packs; takes a moment and as much memory as the weights.
    ///
    /// The plan keeps nothing of the graph but its packed weights: who lets go of the graph holds every weight once.
    /// - Parameter precision: How weights are stored; sums and maps are float32.
    public init(_ graph: Graph, precision: Precision = .float32) {
        self.init(PlanCompiler(graph, precision: precision))
    }

    init(_ compiler: PlanCompiler) {
        let graph = compiler.graph
        kernels = InstructionSet.current.kernels
        inputShape = graph.inputShape
        numClasses = graph.numClasses
        taps = graph.taps
        let layout = ArenaLayout(compiler.tenants)
        // A kernel may read a whole vector where a tensor ends.
        arenaCount = ArenaLayout.aligned(layout.count) + Blocked.lanes
        let (constantOffsets, constantCount) = compiler.constantLayout
        constants = Constants(compiler.constants, offsets: constantOffsets, count: constantCount)

        func offset(_ buffer: Int) -> Int {
            let (whole, distance) = compiler.location(of: buffer)
            return layout.offsets[whole] + distance
        }
        steps = compiler.steps.map { step in
            step.mapPlaces(
                {
                    switch $0 {
                    case .arena(let buffer): .arena(offset(buffer))
                    case .constant(let index): .constant(constantOffsets[index])
                    }
                }, offset: offset)
        }
        stretches = Stretch.cut(steps)
        scratchCount = ArenaLayout.aligned(steps.map(\.scratchCount).max() ?? 0)
        input = offset(compiler.input)
        output = offset(compiler.output)
        tapPlaces = zip(compiler.tapBuffers, graph.tapNodes).map { (offset($0), graph.nodes[$1].count) }
        inputTaps = compiler.inputTaps
        var explanations = ExplanationCompiler(compiler)
        explanation = explanations.plan(offset: offset)
    }
}
