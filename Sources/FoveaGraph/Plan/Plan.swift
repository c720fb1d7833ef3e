import FoveaCompute

/// How a graph is run: folded and packed weights, fused steps, places in the arena. Immutable and shared by all workers.
public struct Plan: Sendable {
    /// [C, H, W] of one picture.
    public let inputShape: Shape
    /// The number of logits.
    public let numClasses: Int
    /// The maps that a pass can hand out.
    public let taps: [Graph.Tap]

    let steps: [Step]
    let constants: Constants
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

    /// Bytes of packed weights.
    public var weightBytes: Int { constants.count * MemoryLayout<Float>.stride }
    /// Bytes of intermediates for each picture that runs at the same time.
    public var arenaBytes: Int { arenaCount * MemoryLayout<Float>.stride }

    /// Folds, fuses and packs; takes a moment and as much memory as the weights.
    ///
    /// The plan keeps nothing of the graph but its packed weights: who lets go of the graph holds every weight once.
    public init(_ graph: Graph) {
        self.init(PlanCompiler(graph))
    }

    init(_ compiler: PlanCompiler) {
        let graph = compiler.graph
        inputShape = graph.inputShape
        numClasses = graph.numClasses
        taps = graph.taps
        let layout = ArenaLayout(compiler.tenants)
        arenaCount = layout.count
        constants = Constants(compiler.constants, offsets: compiler.constantOffsets, count: compiler.constantCount)

        func offset(_ buffer: Int) -> Int {
            let (whole, distance) = compiler.location(of: buffer)
            return layout.offsets[whole] + distance
        }
        func place(_ place: Place) -> Place {
            switch place {
            case .arena(let buffer): .arena(offset(buffer))
            case .constant(let index): .constant(compiler.constantOffsets[index])
            }
        }
        steps = compiler.steps.map { step in
            var step = step
            step.input = place(step.input)
            step.output = offset(step.output)
            step.shared = offset(step.shared)
            step.operations = step.operations.map {
                guard case .binary(let operation, let operand, let broadcast, let reversed) = $0 else { return $0 }
                return .binary(operation, place(operand), broadcast, reversed: reversed)
            }
            switch step.kernel {
            case .convolution(let kernel, let weight): step.kernel = .convolution(kernel, weight: place(weight))
            case .linear(let kernel, let weight): step.kernel = .linear(kernel, weight: place(weight))
            case .dynamicConvolution(let kernel, let kernels, let attention, let spatial, let inputScale):
                step.kernel = .dynamicConvolution(
                    kernel, kernels: place(kernels), attention: attention.map(place), spatial: spatial.map(place),
                    inputScale: inputScale.map(place))
            case .generatedConvolution(let kernel, let base, let generated):
                step.kernel = .generatedConvolution(kernel, base: base.map(place), generated: place(generated))
            case .deformableConvolution(let kernel, let weight, let offset, let mask):
                step.kernel = .deformableConvolution(kernel, weight: place(weight), offset: place(offset), mask: mask.map(place))
            case .concatenate(let parts): step.kernel = .concatenate(parts.map { ($0.kernel, place($0.part), $0.distance) })
            case .matrixProduct(let kernel, let second): step.kernel = .matrixProduct(kernel, second: place(second))
            case .pool, .resize, .axis, .standardize, .elementwise, .offsetLength, .slice: break
            }
            return step
        }
        scratchCount = ArenaLayout.aligned(steps.map(\.scratchCount).max() ?? 0)
        input = offset(compiler.buffer(of: 0))
        output = offset(compiler.buffer(of: graph.output))
        tapPlaces = graph.tapNodes.map { (offset(compiler.buffer(of: $0)), graph.nodes[$0].count) }
        inputTaps = compiler.inputTaps
    }
}
