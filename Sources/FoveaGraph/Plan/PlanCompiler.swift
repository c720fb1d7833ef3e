import FoveaCompute

/// Turns a graph's nodes into steps: drops what nothing needs, folds norms, and fuses what works on single elements into the step before.
///
/// In here a place in the arena is a buffer's index and a constant is an index too; the plan turns both into offsets.
struct PlanCompiler {
    let graph: Graph
    private(set) var steps: [Step] = []
    private(set) var constants: [Constant] = []
    private(set) var inputTaps: [Int] = []

    /// For each node its value's buffer; nil where nothing needs the node.
    private var buffers: [Int?]
    private var sizes: [Int] = []
    /// Buffers that are a part of another: a slice's, or an input of a concatenation that is computed in its place.
    private var parts: [Int: (whole: Int, distance: Int)] = [:]
    /// Buffers of concatenations.
    private var composed: Set<Int> = []
    /// For each buffer the step that fills it, the last of several; nil for the input.
    private var producers: [Int?] = []
    /// For each step the weights whose constants are yet to be packed, while norms may still join them.
    private var folds: [Int: OpenFold] = [:]
    /// For each node that is needed, how often its elements are read: by other nodes, as a map, as the logits.
    private var uses: [Int]
    private var needs: [Need]

    private struct OpenFold {
        var fold: Fold
        var constant: Int
        /// For a dynamic convolution, what happens between its sum and the norm's shift.
        var outputScale: Int?
        var channels: Int
        var area: Int
        /// The step that mixes the bias, where each kernel has its own.
        var biasStep: Int?
        var isDynamic: Bool
        var bias: [Double]?
    }

    private enum Need {
        case nothing, logits
        case taps([Int])
    }

    init(_ graph: Graph) {
        self.graph = graph
        buffers = Array(repeating: nil, count: graph.nodes.count)
        uses = Array(repeating: 0, count: graph.nodes.count)
        needs = Array(repeating: .nothing, count: graph.nodes.count)
        findNeeds()
        buffers[0] = newBuffer(graph.nodes[0].count)
        for index in graph.nodes.indices.dropFirst() {
            if case .nothing = needs[index] { continue }
            lower(index)
        }
        for step in folds.keys.sorted() { close(step) }
        for (tap, node) in graph.tapNodes.enumerated() {
            if let producer = producers[buffer(of: node)] { steps[producer].taps.append(tap) } else { inputTaps.append(tap) }
        }
    }

    /// The buffer of a node that is needed.
    func buffer(of node: Int) -> Int { buffers[node] ?? 0 }

    var constantOffsets: [Int] {
        var next = 0
        return constants.map { part in
            defer { next = ArenaLayout.aligned(next + part.count) }
            return next
        }
    }

    var constantCount: Int { constants.reduce(0) { ArenaLayout.aligned($0 + $1.count) } }

    /// The buffer that a buffer is a part of, itself where of none, and how far it lies behind that one's start.
    func location(of buffer: Int) -> (buffer: Int, distance: Int) {
        var (buffer, distance) = (buffer, 0)
        while let part = parts[buffer] { (buffer, distance) = (part.whole, distance + part.distance) }
        return (buffer, distance)
    }

    /// When each buffer is alive; a part of another needs no memory of its own.
    var tenants: [ArenaLayout.Tenant] {
        var tenants = sizes.indices.map { ArenaLayout.Tenant(count: parts[$0] == nil ? sizes[$0] : 0, first: Int.max, last: -1) }
        func live(_ buffer: Int, _ step: Int) {
            let buffer = location(of: buffer).buffer
            tenants[buffer].first = min(tenants[buffer].first, step)
            tenants[buffer].last = max(tenants[buffer].last, step)
        }
        live(buffer(of: 0), -1)
        for (index, step) in steps.enumerated() {
            for buffer in step.buffers { live(buffer, index) }
        }
        live(buffer(of: graph.output), steps.count)
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
            if case .nothing = needs[index] { continue }
            if case .reshape = node.operation { continue }
            for input in node.inputs { uses[root(input)] += 1 }
        }
        for node in graph.tapNodes + [graph.output] { uses[root(node)] += 1 }
    }

    /// The node that computes the elements of a reshaped value.
    private func root(_ node: Int) -> Int {
        var node = node
        while case .reshape = graph.nodes[node].operation { node = graph.nodes[node].inputs[0] }
        return node
    }

    // MARK: - Lowering

    private mutating func lower(_ index: Int) {
        let node = graph.nodes[index]
        switch node.operation {
        case .input: break
        case .reshape: buffers[index] = buffers[node.inputs[0]]
        case .convolution(let geometry, let weight, let bias):
            let fold = Fold(weight: weight, bias: bias, depth: geometry.depth)
            let window = geometry.window
            let isLinear = window.output.area == 1 && geometry.groups == 1 && window.kernel == window.input && window.padding == Extent2D(0)
            if isLinear {
                lowerLinear(index, inputs: geometry.depth, outputs: geometry.outputChannels, fold)
            } else {
                let kernel = ConvolutionKernel(geometry)
                let constant = newConstant([])
                let step = add(index, .convolution(kernel, weight: .constant(constant)), shared: kernel.sharedCount)
                folds[step] = OpenFold(
                    fold: fold, constant: constant, channels: geometry.outputChannels, area: geometry.outputArea, isDynamic: false)
            }
        case .linear(let weight, let bias):
            let inputs = weight.shape[1]
            lowerLinear(index, inputs: inputs, outputs: weight.shape[0], Fold(weight: weight, bias: bias, depth: inputs))
        case .dynamicConvolution(let operation): lowerDynamic(index, operation)
        case .generatedConvolution(let geometry, let base, let bias):
            let kernel = GeneratedConvolutionKernel(geometry, hasBase: base != nil)
            let stored = base.map { Place.constant(newConstant($0.values)) }
            let step = add(
                index, .generatedConvolution(kernel, base: stored, generated: place(node.inputs[1])), shared: kernel.sharedCount)
            if let bias { appendBias(bias, geometry, to: step) }
        case .deformableConvolution(let geometry, let weight, let bias):
            lowerDeformable(index, geometry, Fold(weight: weight, bias: bias, depth: geometry.convolution.depth))
        case .offsetLength(let points):
            add(index, .offsetLength(OffsetLengthKernel(points: points, area: node.count)))
        case .slice(let axis, let range): lowerSlice(index, axis, range)
        case .batchNorm(let norm): lowerNorm(index, norm)
        case .activation(let activation): lowerUnary(index, .activation(activation))
        case .scale(let factor): lowerUnary(index, .scale(factor))
        case .binary(let operation, let first, let second): lowerBinary(index, operation, first, second)
        case .softmax(let axis): add(index, .axis(AxisKernel(.softmax, axis)))
        case .standardize(let axis, let epsilon): add(index, .standardize(StandardizationKernel(axis, epsilon: epsilon)))
        case .matrixProduct(let geometry):
            add(index, .matrixProduct(MatrixProductKernel(geometry), second: place(node.inputs[1])))
        case .reduce(let reduction, let axis): add(index, .axis(AxisKernel(.reduce(reduction), axis)))
        case .pool(let kind, let window): add(index, .pool(PoolingKernel(kind, channels: node.shape[0], window)))
        case .adaptiveAveragePool(let input, let output):
            add(index, .resize(ResizingKernel(.adaptiveAverage, channels: node.shape[0], input: input, output: output)))
        case .upsampleNearest(let input, let output):
            add(index, .resize(ResizingKernel(.nearest, channels: node.shape[0], input: input, output: output)))
        case .concatenate(let outer): lowerConcatenate(index, outer)
        }
    }

    /// A stretch of the first axis is a part of its input's memory; any other is copied.
    private mutating func lowerSlice(_ index: Int, _ axis: AxisGeometry, _ range: Range<Int>) {
        guard axis.outer == 1 else {
            add(index, .slice(SliceKernel(axis, range)))
            return
        }
        let whole = buffer(of: graph.nodes[index].inputs[0])
        let part = newBuffer(graph.nodes[index].count)
        parts[part] = (whole, range.lowerBound * axis.inner)
        producers[part] = producers[whole]
        buffers[index] = part
    }

    /// Along the first axis, what a step computes for no other place is computed in place; the rest is copied.
    private mutating func lowerConcatenate(_ index: Int, _ outer: Int) {
        let node = graph.nodes[index]
        let output = newBuffer(node.count)
        var copies: [(kernel: CopyKernel, part: Place, distance: Int)] = []
        var (distance, last) = (0, -1)
        for input in node.inputs {
            let (part, count) = (buffer(of: input), graph.nodes[input].count / outer)
            if outer == 1, parts[part] == nil, let producer = producers[part], sizes[part] == count {
                parts[part] = (output, distance)
                last = max(last, producer)
            } else {
                copies.append((CopyKernel(outer: outer, part: count, whole: node.count / outer), .arena(part), distance))
            }
            distance += count
        }
        buffers[index] = output
        composed.insert(output)
        if let first = copies.first {
            _ = append(.concatenate(copies), input: first.part, output: output, shared: output, need: needs[index])
        } else {
            producers[output] = last
        }
    }

    private mutating func lowerLinear(_ index: Int, inputs: Int, outputs: Int, _ fold: Fold) {
        let constant = newConstant([])
        let step = add(index, .linear(LinearKernel(inputs: inputs, outputs: outputs), weight: .constant(constant)))
        folds[step] = OpenFold(fold: fold, constant: constant, channels: outputs, area: 1, isDynamic: false)
    }

    private mutating func lowerDeformable(_ index: Int, _ geometry: DeformableGeometry, _ fold: Fold) {
        let inputs = graph.nodes[index].inputs
        let kernel = DeformableConvolutionKernel(geometry)
        let constant = newConstant([])
        let step = add(
            index,
            .deformableConvolution(
                kernel, weight: .constant(constant), offset: place(inputs[1]), mask: inputs.count > 2 ? place(inputs[2]) : nil),
            shared: kernel.sharedCount)
        folds[step] = OpenFold(
            fold: fold, constant: constant, channels: geometry.convolution.outputChannels, area: geometry.convolution.outputArea,
            isDynamic: false)
    }

    private mutating func lowerDynamic(_ index: Int, _ operation: DynamicConvolution) {
        let geometry = operation.geometry
        var attentions = graph.nodes[index].inputs.dropFirst()[...]
        let attention = operation.hasKernelAttention ? attentions.popFirst() : nil
        let spatial = operation.hasKernelSpatial ? attentions.popFirst() : nil
        let inputScale = operation.hasInputScale ? attentions.popFirst() : nil
        let outputScale = operation.hasOutputScale ? attentions.popFirst() : nil

        // A bias for each kernel is mixed by a small matrix [Cout, K].
        var biasStep: Int?
        if operation.biasPerKernel, let bias = operation.bias, let attention {
            let (count, channels) = (operation.kernelCount, geometry.outputChannels)
            let transposed = (0..<count * channels).map { bias.values[$0 % count * channels + $0 / count] }
            let weight = Parameter(name: bias.name, shape: [channels, count], values: transposed)
            let constant = newConstant([])
            let step = append(
                .linear(LinearKernel(inputs: count, outputs: channels), weight: .constant(constant)), input: place(attention),
                output: newBuffer(channels), shared: 0, need: needs[index])
            folds[step] = OpenFold(
                fold: Fold(weight: weight, bias: nil, depth: count), constant: constant, channels: channels, area: 1, isDynamic: false)
            biasStep = step
        }
        let constant = newConstant([])
        let kernel = DynamicConvolutionKernel(geometry, kernelCount: operation.kernelCount)
        let step = add(
            index,
            .dynamicConvolution(
                kernel, kernels: .constant(constant), attention: attention.map(place), spatial: spatial.map(place),
                inputScale: inputScale.map(place)), shared: kernel.sharedCount)
        folds[step] = OpenFold(
            fold: Fold(weight: operation.kernels, bias: nil, depth: geometry.depth, kernels: operation.kernelCount), constant: constant,
            outputScale: outputScale.map(buffer(of:)), channels: geometry.outputChannels, area: geometry.outputArea, biasStep: biasStep,
            isDynamic: true, bias: biasStep == nil ? operation.bias?.values.map(Double.init) : nil)
    }

    private mutating func lowerNorm(_ index: Int, _ norm: BatchNorm) {
        let input = graph.nodes[index].inputs[0]
        let affine = norm.affine
        // A reshaped value's first axis may be another than the convolution's channels.
        if let step = fusable(input), var open = folds[step], open.channels == affine.scale.count {
            // What stands before the gate of a dynamic convolution is scaled as the kernels are; only the shift comes behind the gate.
            open.fold.append(affine)
            open.bias = open.bias.map { zip($0, affine.scale).map(*) }
            if let biasStep = open.biasStep {
                folds[biasStep]?.fold.append((affine.scale, affine.scale.map { _ in 0 }))
            }
            folds[step] = open
            buffers[index] = steps[step].output
            return
        }
        let broadcast = Broadcast(outer: affine.scale.count, repeated: graph.nodes[index].count / affine.scale.count, inner: 1)
        let (scale, shift) = (newConstant(affine.scale.map { Float($0) }), newConstant(affine.shift.map { Float($0) }))
        lowerUnary(index, .binary(.multiply, .constant(scale), broadcast, reversed: false))
        let step = steps.indices.last { steps[$0].output == buffer(of: index) } ?? steps.count - 1
        steps[step].operations.append(.binary(.add, .constant(shift), broadcast, reversed: false))
    }

    private mutating func lowerUnary(_ index: Int, _ operation: PostOperation) {
        let node = graph.nodes[index]
        if let step = fusable(node.inputs[0]) {
            fuse(index, operation, into: step)
        } else {
            let step = add(index, .elementwise(ElementwiseKernel(base: Broadcast(outer: node.count, repeated: 1, inner: 1))))
            steps[step].operations.append(operation)
        }
    }

    private mutating func lowerBinary(_ index: Int, _ operation: BinaryOperator, _ first: Broadcast, _ second: Broadcast) {
        let (a, b) = (graph.nodes[index].inputs[0], graph.nodes[index].inputs[1])
        // The operand that is computed last can take the other in, if the other is complete by then.
        let candidates = [(a, b, first, second, false), (b, a, second, first, true)]
            .filter { $0.2.isIdentity }
            .compactMap { candidate in fusable(candidate.0).map { (step: $0, candidate: candidate) } }
            .sorted { $0.step > $1.step }
        for (step, (_, other, _, broadcast, reversed)) in candidates {
            guard (producers[buffer(of: other)] ?? -1) < step else { continue }
            fuse(index, .binary(operation, place(other), broadcast, reversed: reversed), into: step)
            return
        }
        let swapped = !first.isIdentity && second.isIdentity
        let step = add(index, .elementwise(ElementwiseKernel(base: swapped ? second : first)), input: swapped ? b : a)
        steps[step].operations.append(.binary(operation, place(swapped ? a : b), swapped ? first : second, reversed: swapped))
    }

    // MARK: - Steps

    /// The step that computes `node`, if nothing but the node that is being lowered will read its elements.
    private func fusable(_ node: Int) -> Int? {
        guard uses[root(node)] == 1, let step = producers[buffer(of: node)] else { return nil }
        // What works on a slice would work on the whole, and a concatenation may be filled by several steps.
        return parts[buffer(of: node)] == nil && !composed.contains(buffer(of: node)) ? step : nil
    }

    private mutating func fuse(_ index: Int, _ operation: PostOperation, into step: Int) {
        close(step)
        steps[step].operations.append(operation)
        buffers[index] = steps[step].output
    }

    /// Packs a step's weights, now that no norm can join them any more.
    private mutating func close(_ step: Int) {
        guard let open = folds.removeValue(forKey: step) else { return }
        constants[open.constant] = .fold(open.fold)
        let broadcast = Broadcast(outer: open.channels, repeated: open.area, inner: 1)
        if let bias = open.bias { appendConstant(bias, broadcast, to: step) }
        if let biasStep = open.biasStep {
            steps[step].operations.append(.binary(.add, .arena(steps[biasStep].output), broadcast, reversed: false))
        }
        if let outputScale = open.outputScale {
            steps[step].operations.append(.binary(.multiply, .arena(outputScale), broadcast, reversed: false))
        }
        if let shift = open.fold.shift { appendConstant(shift, broadcast, to: step) }
    }

    private mutating func appendBias(_ bias: Parameter, _ geometry: ConvolutionGeometry, to step: Int) {
        let broadcast = Broadcast(outer: geometry.outputChannels, repeated: geometry.outputArea, inner: 1)
        appendConstant(bias.values.map(Double.init), broadcast, to: step)
    }

    private mutating func appendConstant(_ values: [Double], _ broadcast: Broadcast, to step: Int) {
        let constant = newConstant(values.map { Float($0) })
        steps[step].operations.append(.binary(.add, .constant(constant), broadcast, reversed: false))
    }

    @discardableResult
    private mutating func add(_ index: Int, _ kernel: Step.Kernel, input: Int? = nil, shared: Int = 0) -> Int {
        let node = graph.nodes[index]
        let output = newBuffer(node.count)
        let sharedBuffer = shared > 0 ? newBuffer(shared) : output
        buffers[index] = output
        return append(kernel, input: place(input ?? node.inputs[0]), output: output, shared: sharedBuffer, need: needs[index])
    }

    private mutating func append(_ kernel: Step.Kernel, input: Place, output: Int, shared: Int, need: Need) -> Int {
        var onlyForTaps: [Int]?
        if case .taps(let taps) = need { onlyForTaps = taps }
        steps.append(
            Step(kernel: kernel, input: input, output: output, shared: shared, operations: [], taps: [], onlyForTaps: onlyForTaps))
        producers[output] = steps.count - 1
        return steps.count - 1
    }

    private mutating func newBuffer(_ count: Int) -> Int {
        sizes.append(count)
        producers.append(nil)
        return sizes.count - 1
    }

    private mutating func newConstant(_ values: [Float]) -> Int {
        constants.append(.values(values))
        return constants.count - 1
    }

    private func place(_ node: Int) -> Place { .arena(buffer(of: node)) }
}

extension Step {
    /// All buffers that the step reads or writes, while places are buffers' indices.
    fileprivate var buffers: [Int] {
        var places: [Place?] = [input, .arena(output), .arena(shared)]
        switch kernel {
        case .dynamicConvolution(_, _, let attention, let spatial, let inputScale): places += [attention, spatial, inputScale]
        case .generatedConvolution(_, _, let generated): places.append(generated)
        case .deformableConvolution(_, _, let offset, let mask): places += [offset, mask]
        case .concatenate(let parts): places += parts.map(\.part)
        case .matrixProduct(_, let second): places.append(second)
        default: break
        }
        for case .binary(_, let place, _, _) in operations { places.append(place) }
        return places.compactMap { if case .arena(let buffer) = $0 { buffer } else { nil } }
    }
}
