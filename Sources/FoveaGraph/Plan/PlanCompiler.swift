import FoveaCompute

/// Turns a graph's nodes into steps: drops what nothing needs, folds norms, and fuses what works on single elements into the step before.
///
/// In here a place in the arena is a buffer's index and a constant is an index too; the plan turns both into offsets. Maps are blocked
/// where a kernel of ours computes them, and a value changes its layout at the first step that needs the other one.
struct PlanCompiler {
    let graph: Graph
    let precision: Precision
    var steps: [Step] = []
    var constants: [Constant] = []
    private(set) var inputTaps: [Int] = []
    private(set) var tapBuffers: [Int] = []

    /// For each node that is not a reshape of another, where its value lies.
    var values: [Stored]
    var buffers = BufferTable()
    /// The steps that change a value's layout, by the buffer that they fill.
    var changes: [Int: Int] = [:]
    /// For each step the weights whose constants are yet to be packed, while norms may still join them.
    var folds: [Int: OpenFold] = [:]
    /// For each node that is needed, how often its elements are read: by other nodes, as a map, as the logits.
    private var uses: [Int]
    private(set) var needs: [Need]
    /// The node whose steps are made.
    private(set) var lowered = 0
    /// For each node that is the scores of a generated kernel, the panels that its numbers are stored as.
    private(set) var generators: [Int: PanelChange] = [:]
    /// The nodes of norms that are multiplied into the weights before them.
    var foldedNorms: Set<Int> = []

    enum Need: Sendable {
        case nothing, logits
        case taps([Int])
    }

    init(_ graph: Graph, precision: Precision = .float32) {
        self.graph = graph
        self.precision = precision
        values = Array(repeating: Stored(), count: graph.nodes.count)
        uses = Array(repeating: 0, count: graph.nodes.count)
        needs = Array(repeating: .nothing, count: graph.nodes.count)
        findNeeds()
        findGenerators()
        values[0].rowMajor = buffers.add(graph.nodes[0].count)
        let absorbed = Set(graph.nodes.indices.flatMap { groupNorm($0)?.inner ?? [] })
        for index in graph.nodes.indices.dropFirst() {
            if !needs[index].isNothing, !absorbed.contains(index) { lower(index) }
        }
        _ = rowMajor(graph.output, need: .logits)
        for (tap, node) in graph.tapNodes.enumerated() {
            let buffer = rowMajor(node, need: .taps([tap]))
            tapBuffers.append(buffer)
            if let producer = buffers.producers[buffer] { steps[producer].taps.append(tap) } else { inputTaps.append(tap) }
        }
        for step in folds.keys.sorted() { close(step) }
        workInPlace()
    }

    /// The buffers of the picture and of the logits.
    var input: Int { values[0].rowMajor ?? 0 }
    var output: Int { values[root(graph.output)].rowMajor ?? 0 }

    /// Where each constant is packed, and what they take together. Weights of a linear layer that runs twice, as CBAM's does on two pooled
    /// vectors, are packed once.
    var constantLayout: (offsets: [Int], count: Int) {
        var (offsets, next) = ([Int](), 0)
        var packed: [String: [Int]] = [:]
        for part in constants {
            let twin = part.sharedName.flatMap { packed[$0, default: []].first { constants[$0].isShared(with: part) } }
            offsets.append(twin.map { offsets[$0] } ?? next)
            guard twin == nil else { continue }
            if let name = part.sharedName { packed[name, default: []].append(offsets.count - 1) }
            next = ArenaLayout.aligned(next + part.count)
        }
        return (offsets, next)
    }

    /// The buffer that a buffer is a part of, itself where of none, and how far it lies behind that one's start.
    func location(of buffer: Int) -> (buffer: Int, distance: Int) { buffers.location(of: buffer) }

    /// When each buffer is alive; a part of another needs no memory of its own.
    var tenants: [ArenaLayout.Tenant] {
        var tenants = buffers.sizes.indices.map {
            ArenaLayout.Tenant(count: buffers.parts[$0] == nil ? buffers.sizes[$0] : 0, first: Int.max, last: -1)
        }
        func live(_ buffer: Int, _ step: Int) {
            let buffer = location(of: buffer).buffer
            tenants[buffer].first = min(tenants[buffer].first, step)
            tenants[buffer].last = max(tenants[buffer].last, step)
        }
        live(input, -1)
        for (index, step) in steps.enumerated() {
            for case .arena(let buffer) in step.reads { live(buffer, index) }
            live(step.output, index)
            live(step.shared, index)
        }
        live(output, steps.count)
        return tenants
    }

    // MARK: - What is needed

    private mutating func findNeeds() {
        func reach(_ node: Int) -> Set<Int> {
            var (reached, open) = (Set<Int>(), [node])
            while let next = open.popLast() {
                reached.insert(next)
                open += graph.nodes[next].inputs.filter { !reached.contains($0) }
            }
            return reached
        }
        needs[0] = .logits
        for node in reach(graph.output) { needs[node] = .logits }
        for (tap, root) in graph.tapNodes.enumerated() {
            for node in reach(root) {
                switch needs[node] {
                case .logits: break
                case .nothing: needs[node] = .taps([tap])
                case .taps(let taps): needs[node] = .taps(taps + [tap])
                }
            }
        }
        for (index, node) in graph.nodes.enumerated() {
            if needs[index].isNothing { continue }
            if case .reshape = node.operation { continue }
            for input in node.inputs { uses[root(input)] += 1 }
        }
        for node in graph.tapNodes + [graph.output] { uses[root(node)] += 1 }
    }

    /// A linear layer whose numbers, through a sigmoid or none, are a convolution's kernel writes them as the convolution reads them.
    private mutating func findGenerators() {
        for (index, node) in graph.nodes.enumerated() {
            guard case .generatedConvolution(let geometry, _, _) = node.operation, needs[index].isLogits,
                let product = DynamicProduct(geometry, kernelCount: 0)?.product
            else { continue }
            let kernel = root(GeneratedOperands(node.inputs).kernel)
            var scores = kernel
            if case .activation(.sigmoid) = graph.nodes[scores].operation { scores = root(graph.nodes[scores].inputs[0]) }
            guard case .linear = graph.nodes[scores].operation, scores == kernel || uses[scores] == 1 else { continue }
            generators[scores] = PanelChange(product)
        }
    }

    /// The node that computes the elements of a reshaped value.
    func root(_ node: Int) -> Int {
        var node = node
        while case .reshape = graph.nodes[node].operation { node = graph.nodes[node].inputs[0] }
        return node
    }

    /// Whether one other node reads a node's elements, and nobody else.
    func isReadOnce(_ node: Int) -> Bool { uses[root(node)] == 1 }

    // MARK: - Lowering

    private mutating func lower(_ index: Int) {
        let node = graph.nodes[index]
        lowered = index
        switch node.operation {
        case .input, .reshape: break
        case .convolution(let geometry, let weight, let bias): lowerConvolution(index, geometry, weight, bias)
        case .linear(let weight, let bias): lowerLinear(index, inputs: weight.shape[1], outputs: weight.shape[0], weight, bias)
        case .dynamicConvolution(let operation): lowerDynamic(index, operation)
        case .generatedConvolution(let geometry, let base, let bias): lowerGenerated(index, geometry, base, bias)
        case .deformableConvolution(let geometry, let weight, let bias): lowerDeformable(index, geometry, weight, bias)
        case .offsetLength(let points): addRowMajor(index, .offsetLength(OffsetLengthKernel(points: points, area: node.count)))
        case .slice(let axis, let range): lowerSlice(index, axis, range)
        case .concatenate(let outer): lowerConcatenate(index, outer)
        case .batchNorm(let norm): lowerNorm(index, norm)
        case .activation(let activation): lowerUnary(index, .activation(activation))
        case .scale(let factor): lowerUnary(index, .scale(factor))
        case .binary(let operation, let first, let second): lowerBinary(index, operation, first, second)
        case .softmax(let axis): addAxis(index, AxisOperation(.softmax, axis))
        case .standardize(let axis, let epsilon): lowerStandardization(index, axis, epsilon: epsilon)
        case .matrixProduct(let geometry):
            let second = rowMajor(node.inputs[1], need: needs[index])
            addRowMajor(index, .matrixProduct(MatrixProductKernel(geometry), second: .arena(second)))
        case .reduce(let reduction, let axis): lowerReduction(index, reduction, axis)
        case .pool(let kind, let window): lowerPooling(index, kind, window)
        case .adaptiveAveragePool(let input, let output): lowerResizing(index, .adaptiveAverage, input, output)
        case .upsampleNearest(let input, let output): lowerResizing(index, .nearest, input, output)
        }
    }

    /// The step that computes `node`, if nothing but the node that is being lowered will read its elements.
    func fusable(_ node: Int) -> Int? {
        let root = root(node)
        guard isReadOnce(root), let buffer = values[root].first, let step = buffers.producers[buffer], steps[step].takesOperations
        else { return nil }
        // What works on a slice would work on the whole, and a concatenation may be filled by several steps.
        return buffers.parts[buffer] == nil && !buffers.composed.contains(buffer) ? step : nil
    }
}

extension PlanCompiler.Need {
    var isNothing: Bool { if case .nothing = self { true } else { false } }
    var isLogits: Bool { if case .logits = self { true } else { false } }

    /// What a step says of it.
    var onlyForTaps: [Int]? { if case .taps(let taps) = self { taps } else { nil } }
}
