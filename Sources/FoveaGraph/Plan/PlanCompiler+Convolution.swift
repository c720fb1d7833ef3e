import FoveaCompute

extension PlanCompiler {
    mutating func lowerConvolution(_ index: Int, _ geometry: ConvolutionGeometry, _ weight: Parameter, _ bias: Parameter?) {
        let node = graph.nodes[index]
        let window = geometry.window
        let isLinear = window.output.area == 1 && geometry.groups == 1 && window.kernel == window.input && window.padding == Extent2D(0)
        if isLinear {
            lowerLinear(index, inputs: geometry.depth, outputs: geometry.outputChannels, weight, bias)
            return
        }
        let (channels, area) = (geometry.outputChannels, geometry.outputArea)
        let constant = newConstant([])
        let place = Place.constant(constant)
        func source() -> Int {
            blocked(node.inputs[0], channels: geometry.inputChannels, area: geometry.inputArea, need: needs[index])
        }
        let (step, packing): (Int, Packing)
        switch ConvolutionMethod(geometry, precision: precision) {
        case .product(let kernel):
            packing = .packed(kernel)
            step = addGroups(
                index, .product(kernel, weight: place), geometry, input: source(), shared: kernel.sharedCount, appliesOperations: true)
        case .winograd(let kernel):
            packing = .packed(kernel)
            step = addBlocked(
                index, .winograd(kernel, weight: place), input: .arena(source()), channels: channels, area: area, shared: kernel.sharedCount
            )
        case .groupedWinograd(let kernel):
            packing = .packed(kernel)
            step = addGroups(
                index, .groupedWinograd(kernel, weight: place), geometry, input: source(), shared: kernel.winograd.sharedCount,
                appliesOperations: false)
        case .picture(let kernel):
            packing = .packed(kernel)
            step = addBlocked(
                index, .picture(kernel, weight: place), input: .arena(rowMajor(node.inputs[0], need: needs[index])), channels: channels,
                area: area, shared: kernel.sharedCount)
        case .lanes(let kernel):
            packing = .packed(kernel)
            step = addBlocked(index, .lanes(kernel, weight: place), input: .arena(source()), channels: channels, area: area)
        case .channelProduct(let kernel):
            packing = .packed(kernel)
            step = addVector(index, .channelProduct(kernel, weight: place), input: source())
        case .plane(let kernel):
            packing = .rowMajor
            step = addVector(index, .plane(kernel, weight: place), input: rowMajor(node.inputs[0], need: needs[index]))
        case .rowMajor(let kernel):
            packing = .rowMajor
            step = addRowMajor(index, .convolution(kernel, weight: place), shared: kernel.sharedCount)
        }
        folds[step] = OpenFold(
            fold: Fold(weight: weight, bias: bias, depth: geometry.depth), packing: packing, constant: constant, channels: channels,
            area: area)
    }

    /// A convolution in groups, with a step before it where those of its input cut through blocks of channels, and one behind it for those of its output.
    ///
    /// - Parameter appliesOperations: whether what is fused into it can be, where its output is as it has to be
    /// - Returns: the step that ends with what is fused
    private mutating func addGroups(
        _ index: Int, _ kernel: Step.MapKernel, _ geometry: ConvolutionGeometry, input: Int, shared: Int, appliesOperations: Bool
    ) -> Int {
        let (channels, area) = (geometry.outputChannels, geometry.outputArea)
        var input = input
        if let alignment = geometry.inputAlignment {
            let aligned = buffers.add(Blocked.count(channels: alignment.alignedChannels, area: alignment.area))
            append(.map(.alignGroups(alignment)), input: .arena(input), output: aligned, need: needs[index])
            input = aligned
        }
        let alignment = geometry.outputAlignment
        if alignment == nil, appliesOperations {
            return addBlocked(index, kernel, input: .arena(input), channels: channels, area: area, shared: shared)
        }
        let products = buffers.add(Blocked.count(channels: alignment?.alignedChannels ?? channels, area: area))
        append(.map(kernel), input: .arena(input), output: products, shared: shared, need: needs[index])
        let end = alignment.map(Step.MapKernel.joinGroups) ?? .elementwise(MapElementwise(channels: channels, area: area, base: .map))
        return addBlocked(index, end, input: .arena(products), channels: channels, area: area)
    }

    /// - Parameter weight: [outputs, inputs], or with more axes of as many elements
    mutating func lowerLinear(_ index: Int, inputs: Int, outputs: Int, _ weight: Parameter, _ bias: Parameter?) {
        let source = rowMajor(graph.nodes[index].inputs[0], need: needs[index])
        let generator = generators[index]
        let count = generator?.panels.count ?? outputs
        let kernel = LinearProduct(inputs: inputs, outputs: count, precision: precision)
        let constant = newConstant([])
        let step = addVector(index, .linear(kernel, weight: .constant(constant)), input: source, count: count)
        if let generator, let buffer = values[index].rowMajor { values[index] = Stored(panels: (buffer, generator)) }
        folds[step] = OpenFold(
            fold: Fold(weight: weight, bias: bias, depth: inputs, order: generator?.sources), packing: .packed(kernel), constant: constant,
            channels: count, area: 1)
    }

    mutating func lowerNorm(_ index: Int, _ norm: BatchNorm) {
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
            foldedNorms.insert(index)
            values[index] = values[root(input)]
            return
        }
        let broadcast = Broadcast(outer: affine.scale.count, repeated: graph.nodes[index].count / affine.scale.count, inner: 1)
        let (scale, shift) = (newConstant(affine.scale.map { Float($0) }), newConstant(affine.shift.map { Float($0) }))
        lowerUnary(index, .binary(.multiply, .constant(scale), broadcast, reversed: false))
        guard let buffer = values[index].first, let step = buffers.producers[buffer] else { return }
        fuse(.binary(.add, .constant(shift), broadcast, reversed: false), into: step)
    }
}
