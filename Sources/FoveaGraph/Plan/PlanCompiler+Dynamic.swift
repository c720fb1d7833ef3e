import FoveaCompute

/// Convolutions whose weights, or whose windows, are made for each picture.
extension PlanCompiler {
    mutating func lowerDeformable(_ index: Int, _ geometry: DeformableGeometry, _ weight: Parameter, _ bias: Parameter?) {
        let operands = DeformableOperands(graph.nodes[index].inputs)
        let offset = rowMajor(operands.offset, need: needs[index])
        let mask = operands.mask.map { rowMajor($0, need: needs[index]) }
        let kernel = DeformableConvolutionKernel(geometry)
        let constant = newConstant([])
        let step = addRowMajor(
            index,
            .deformableConvolution(
                kernel, weight: .constant(constant), offset: .arena(offset), mask: mask.map(Place.arena)), shared: kernel.sharedCount)
        folds[step] = OpenFold(
            fold: Fold(weight: weight, bias: bias, depth: geometry.convolution.depth), packing: .rowMajor, constant: constant,
            channels: geometry.convolution.outputChannels, area: geometry.convolution.outputArea)
    }

    mutating func lowerGenerated(_ index: Int, _ geometry: ConvolutionGeometry, _ base: Parameter?, _ bias: Parameter?) {
        let operands = GeneratedOperands(graph.nodes[index].inputs)
        let (channels, area) = (geometry.outputChannels, geometry.outputArea)
        let constant = base.map { _ in newConstant([]) }
        var fold = base.map { Fold(weight: $0, bias: nil, depth: geometry.depth) }
        let step: Int
        let packing: Packing
        if let kernel = DynamicProduct(geometry, kernelCount: base == nil ? 0 : 1, precision: precision) {
            packing = .packed(kernel)
            var attention: Place?
            if precision == .fixed16, let factor = fold?.commonFixed16Factor {
                // The generated kernel is not scaled: what undoes the stored one's factor, the same for all outputs, is its attention.
                fold?.factors = [Double](repeating: factor, count: channels)
                attention = .constant(newConstant([Float(1 / factor)]))
            }
            let generated = panels(operands.kernel, kernel.product, need: needs[index])
            let source = blocked(operands.x, channels: geometry.inputChannels, area: geometry.inputArea, need: needs[index])
            let sources = DynamicProduct.Sources(
                kernels: constant.map(Place.constant), kernelAttention: attention, generated: .arena(generated))
            step = addBlocked(
                index, .dynamic(kernel, sources), input: .arena(source), channels: channels, area: area, shared: kernel.sharedCount)
        } else {
            packing = .rowMajor
            let kernel = GeneratedConvolutionKernel(geometry, hasBase: base != nil)
            let generated = rowMajor(operands.kernel, need: needs[index])
            step = addRowMajor(
                index, .generatedConvolution(kernel, base: constant.map(Place.constant), generated: .arena(generated)),
                shared: kernel.sharedCount)
        }
        if let fold, let constant { constants[constant] = .fold(fold, packing) }
        if let bias {
            let place = Place.constant(newConstant(bias.values))
            fuse(.binary(.add, place, Broadcast(outer: channels, repeated: area, inner: 1), reversed: false), into: step)
        }
    }

    mutating func lowerDynamic(_ index: Int, _ operation: DynamicConvolution) {
        let node = graph.nodes[index]
        let geometry = operation.geometry
        let attentions = node.inputs.dropFirst().map { rowMajor($0, need: needs[index]) }
        let attention = operation.operand(.kernel, of: attentions)
        let spatial = operation.operand(.kernelSpatial, of: attentions)
        let inputScale = operation.operand(.inputScale, of: attentions)
        let outputScale = operation.operand(.outputScale, of: attentions)

        let biasStep = operation.biasPerKernel ? attention.flatMap { mixBias(index, operation, attention: $0) } : nil
        let (channels, area) = (geometry.outputChannels, geometry.outputArea)
        let constant = newConstant([])
        let step: Int
        let packing: Packing
        if let kernel = DynamicProduct(geometry, kernelCount: operation.kernelCount, precision: precision) {
            packing = .packed(kernel)
            let source = blocked(node.inputs[0], channels: geometry.inputChannels, area: geometry.inputArea, need: needs[index])
            let sources = DynamicProduct.Sources(
                kernels: .constant(constant), kernelAttention: attention.map(Place.arena), kernelSpatial: spatial.map(Place.arena),
                inputScale: inputScale.map(Place.arena))
            step = addBlocked(
                index, .dynamic(kernel, sources), input: .arena(source), channels: channels, area: area, shared: kernel.sharedCount)
        } else {
            packing = .rowMajor
            let kernel = DynamicConvolutionKernel(geometry, kernelCount: operation.kernelCount)
            step = addRowMajor(
                index,
                .dynamicConvolution(
                    kernel, kernels: .constant(constant), attention: attention.map(Place.arena), spatial: spatial.map(Place.arena),
                    inputScale: inputScale.map(Place.arena)), shared: kernel.sharedCount)
        }
        folds[step] = OpenFold(
            fold: Fold(weight: operation.kernels, bias: nil, depth: geometry.depth, kernels: operation.kernelCount), packing: packing,
            constant: constant, channels: channels, area: area, outputScale: outputScale, biasStep: biasStep,
            bias: biasStep == nil ? operation.bias?.values.map(Double.init) : nil)
    }

    /// A bias for each kernel is mixed by a small matrix [Cout, K].
    private mutating func mixBias(_ index: Int, _ operation: DynamicConvolution, attention: Int) -> Int? {
        guard let bias = operation.bias else { return nil }
        let (count, channels) = (operation.kernelCount, operation.geometry.outputChannels)
        let transposed = (0..<count * channels).map { bias.values[$0 % count * channels + $0 / count] }
        let weight = Parameter(name: bias.name, shape: [channels, count], values: transposed)
        let kernel = LinearProduct(inputs: count, outputs: channels)
        let constant = newConstant([])
        let step = append(
            .map(.linear(kernel, weight: .constant(constant))), input: .arena(attention), output: buffers.add(channels), need: needs[index])
        folds[step] = OpenFold(
            fold: Fold(weight: weight, bias: nil, depth: count), packing: .packed(kernel), constant: constant, channels: channels, area: 1)
        return step
    }
}
