import FoveaCompute

/// Finds the layers of a compiled graph whose gradient can be had when a pass ends, and what it is made of.
///
/// Backwards from the logits, as far as every way leads through operations without weights, linear layers and gates' convolutions. The
/// convolutions of the trunk, whose weights are packed for the way forward alone, end it.
struct ExplanationCompiler {
    /// Weights of gates' convolutions that are kept as they are stored, in all.
    private static let keptWeights = 1 << 17

    private let compiler: PlanCompiler
    private let graph: Graph
    /// Nodes that read each node, and that the logits need.
    private var readers: [[Int]]
    /// For each node that reaches the logits by operations with gradients alone, how to go through it.
    private var nodes: [Int: TailNode] = [:]
    /// For each buffer the last node that was fused into it: the one whose value it holds.
    private var owners: [Int: Int] = [:]
    /// Whether a node's value is in the arena, or is cheap to compute from such.
    private var known: [Int: Bool] = [:]
    private var saves: [Int: ExplanationPlan.Save] = [:]
    private var steps: [Int: Int] = [:]

    init(_ compiler: PlanCompiler) {
        self.compiler = compiler
        graph = compiler.graph
        readers = Array(repeating: [], count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() where compiler.needs[index].isLogits {
            for input in Set(node.inputs) { readers[input].append(index) }
            let value = compiler.values[index]
            for buffer in [value.rowMajor, value.blocked?.buffer] { if let buffer { owners[buffer] = index } }
        }
    }

    /// - Parameter offset: of a buffer in the arena
    mutating func plan(offset: (Int) -> Int) -> ExplanationPlan? {
        let output = compiler.root(graph.output)
        guard case .linear = graph.nodes[output].operation, let outputStep = linearStep(output) else { return nil }
        collect(from: output)
        guard let head = headInput(output) else { return nil }
        let names = Dictionary(graph.names.filter { !isInsideAttention($0.layer) }.map { ($0.node, $0.layer) }) { first, _ in first }
        var order = [head] + nodes.keys.sorted(by: >).filter { $0 != head && names[$0] != nil && graph.nodes[$0].shape.count == 3 }
        // A layer before the head's input is of use; what lies between the two is the head itself.
        order.removeAll { $0 > head }
        var targets: [ExplanationPlan.Target] = []
        var saved: [Int] = []
        for node in order {
            guard let path = path(from: node) else { continue }
            let needed = [node] + needed(by: path)
            guard needed.allSatisfy({ isKnown($0) }) else { continue }
            let (sources, recomputed) = ingredients(of: needed)
            for source in sources where saves[source] == nil {
                saves[source] = save(source, offset)
                saved.append(source)
            }
            targets.append(
                ExplanationPlan.Target(
                    layer: ExplanationLayer(name: names[node] ?? "features", shape: graph.nodes[node].shape), node: node, path: path,
                    saves: Set(sources.compactMap { saved.firstIndex(of: $0) }), recomputed: recomputed))
        }
        guard targets.first?.node == head else { return nil }
        let isPooled = isPooled(output, head)
        // Where the head's input is a single position, the next larger map is explained unless another is named.
        if !isPooled, targets[0].layer.area == 1, let larger = targets.firstIndex(where: { $0.layer.area > 1 }) {
            targets.insert(targets.remove(at: larger), at: 0)
        }
        var savesOfSteps: [Int: [Int]] = [:]
        for (index, node) in saved.enumerated() { if let step = steps[node] { savesOfSteps[step, default: []].append(index) } }
        let used = Set(targets.flatMap { $0.path + $0.recomputed })
        return ExplanationPlan(
            targets: targets, saves: saved.compactMap { saves[$0] }, savesOfSteps: savesOfSteps,
            nodes: nodes.filter { used.contains($0.key) },
            output: output, outputStep: outputStep, isPooled: isPooled)
    }

    // MARK: - The way back

    /// Every node that all ways to the logits lead from through operations with gradients.
    private mutating func collect(from output: Int) {
        var weights = 0
        var reached: Set<Int> = [output]
        for index in stride(from: output, through: 1, by: -1) {
            guard compiler.needs[index].isLogits, index == output || readers[index].allSatisfy({ $0 > output || reached.contains($0) }),
                index == output || readers[index].contains(where: { $0 <= output })
            else { continue }
            // A node that can be a target although nothing goes back through it: its readers all can.
            let tail = tailNode(index, &weights)
            nodes[index] = tail ?? TailNode(kind: .plain(.input), inputs: [], inputCounts: [], shape: graph.nodes[index].shape)
            if tail != nil { reached.insert(index) }
        }
    }

    /// How to go back through a node; `nil` where there is no way.
    private func tailNode(_ index: Int, _ weights: inout Int) -> TailNode? {
        let node = graph.nodes[index]
        func tail(_ kind: TailNode.Kind) -> TailNode {
            TailNode(kind: kind, inputs: node.inputs, inputCounts: node.inputs.map { graph.nodes[$0].count }, shape: node.shape)
        }
        switch node.operation {
        case .linear: return linearStep(index).map { tail(.linear(step: $0)) }
        case .convolution(let geometry, let weight, _):
            if let step = linearStep(index) { return tail(.linear(step: step)) }
            guard weights + weight.values.count <= Self.keptWeights else { return nil }
            weights += weight.values.count
            return tail(.convolution(geometry, weight: weight))
        case .batchNorm(let norm):
            return isInPackedWeights(index) ? tail(.identity) : tail(.affine(scale: norm.affine.scale, shift: norm.affine.shift))
        case .reshape: return tail(.identity)
        default:
            let plain = tail(.plain(node.operation))
            return plain.needed(index) == nil ? nil : plain
        }
    }

    /// Whether a norm, or one of several, is multiplied into the weights of a linear layer, which gradients read as they are packed.
    private func isInPackedWeights(_ norm: Int) -> Bool {
        guard compiler.foldedNorms.contains(norm) else { return false }
        var node = norm
        while compiler.foldedNorms.contains(node) { node = compiler.root(graph.nodes[node].inputs[0]) }
        return linearStep(node) != nil
    }

    /// The step that runs a node as a linear layer with stored weights.
    private func linearStep(_ index: Int) -> Int? {
        guard compiler.values[index].panels == nil, let buffer = compiler.values[index].rowMajor,
            let step = compiler.buffers.producers[buffer],
            case .map(.linear(_, .constant)) = compiler.steps[step].kernel
        else { return nil }
        switch graph.nodes[index].operation {
        case .linear, .convolution: return step
        default: return nil
        }
    }

    /// The nodes behind a node that lead to the logits, the last first; `nil` where one of them has no way back.
    private func path(from start: Int) -> [Int]? {
        var found: Set<Int> = []
        var open = [start]
        while let node = open.popLast() {
            for reader in readers[node] where reader <= compiler.root(graph.output) && found.insert(reader).inserted { open.append(reader) }
        }
        guard found.allSatisfy({ index in nodes[index].map { if case .plain(.input) = $0.kind { false } else { true } } ?? false }) else {
            return nil
        }
        return found.sorted(by: >)
    }

    // MARK: - The head

    /// The first map on the way back from the logits that is no more than the head's own pooling.
    private func headInput(_ output: Int) -> Int? {
        var node = output
        while true {
            let current = graph.nodes[node]
            if current.shape.count == 3 {
                switch current.operation {
                case .adaptiveAveragePool, .reshape, .linear: break
                default: return nodes[node] == nil ? nil : node
                }
            }
            guard let input = current.inputs.first else { return nil }
            node = input
        }
    }

    /// Whether the logits are one linear layer of the means of the head's input's channels.
    private func isPooled(_ output: Int, _ head: Int) -> Bool {
        let pooled = compiler.root(graph.nodes[output].inputs[0])
        let shape = graph.nodes[head].shape
        guard case .reduce(.mean, let axis) = graph.nodes[pooled].operation else { return false }
        return compiler.root(graph.nodes[pooled].inputs[0]) == compiler.root(head) && axis.outer == shape[0]
            && axis.length == shape[1] * shape[2] && axis.inner == 1
    }

    /// A module that is part of an attention block: its maps are the block's own business.
    private func isInsideAttention(_ layer: String) -> Bool {
        graph.taps.contains { layer.hasPrefix($0.layer + ".") }
    }

    // MARK: - Values

    /// Whether a buffer holds the node's value when its step is done.
    private func isStored(_ node: Int) -> Bool { place(of: node) != nil }

    /// The buffer of a node's value, if it has one of its own, and the step that fills it in every pass.
    private func place(of node: Int) -> (buffer: Int, step: Int, blocks: Stored.Blocks?)? {
        let value = compiler.values[node]
        for (buffer, blocks) in [(value.blocked?.buffer, value.blocked), (value.rowMajor, nil)] {
            // A change of layout may be made for a map alone.
            guard let buffer, owners[buffer] == node, let step = compiler.buffers.producers[buffer], compiler.steps[step].onlyForTaps == nil
            else { continue }
            return (buffer, step, blocks)
        }
        return nil
    }

    private mutating func isKnown(_ node: Int) -> Bool {
        if let known = known[node] { return known }
        let isKnown: Bool
        if isStored(node) {
            isKnown = true
        } else if let tail = cheap(node) {
            var all = true
            for input in tail.inputs where all { all = self.isKnown(input) }
            isKnown = all
        } else {
            isKnown = false
        }
        known[node] = isKnown
        return isKnown
    }

    private func cheap(_ node: Int) -> TailNode? {
        guard let tail = nodes[node], tail.isCheap else { return nil }
        return tail
    }

    /// The nodes whose values the gradients along a path are made of.
    private func needed(by path: [Int]) -> [Int] { path.flatMap { nodes[$0]?.needed($0) ?? [] } }

    /// The stored values that nodes' values are made of, and those that must be computed from them.
    private func ingredients(of nodes: [Int]) -> (stored: [Int], recomputed: [Int]) {
        var (found, open) = (Set<Int>(), nodes)
        while let node = open.popLast() {
            guard found.insert(node).inserted, !isStored(node) else { continue }
            open += cheap(node)?.inputs ?? []
        }
        let sorted = found.sorted()
        return (sorted.filter(isStored), sorted.filter { !isStored($0) })
    }

    private mutating func save(_ node: Int, _ offset: (Int) -> Int) -> ExplanationPlan.Save? {
        guard let place = place(of: node) else { return nil }
        steps[node] = place.step
        return ExplanationPlan.Save(
            node: node, offset: offset(place.buffer), blocks: place.blocks.map { ($0.channels, $0.area) }, count: graph.nodes[node].count)
    }
}
