import FoveaCompute

extension PlanCompiler {
    /// Packs a step's weights, now that no norm can join them any more.
    mutating func close(_ step: Int) {
        guard let open = folds.removeValue(forKey: step) else { return }
        var fold = open.fold
        if open.packing.precision == .fixed16 {
            let factors = fold.fixed16Factors
            let scales = factors.map { Float(1 / $0) }
            fold.factors = factors
            steps[step].weightScales = scales
            append(.multiply, .constant(newConstant(scales)), open, to: step)
        }
        constants[open.constant] = .fold(fold, open.packing)
        if let bias = open.bias { appendConstant(bias, open, to: step) }
        if let biasStep = open.biasStep { append(.add, .arena(steps[biasStep].output), open, to: step) }
        if let outputScale = open.outputScale { append(.multiply, .arena(outputScale), open, to: step) }
        if let shift = open.fold.shift { appendConstant(shift, open, to: step) }
    }

    private mutating func appendConstant(_ values: [Double], _ open: OpenFold, to step: Int) {
        append(.add, .constant(newConstant(values.map { Float($0) })), open, to: step)
    }

    /// An operation with one number for each channel.
    private mutating func append(_ operation: BinaryOperator, _ place: Place, _ open: OpenFold, to step: Int) {
        if steps[step].isRowMajor {
            let broadcast = Broadcast(outer: open.channels, repeated: open.area, inner: 1)
            steps[step].operations.append(.binary(operation, place, broadcast, reversed: false))
        } else {
            steps[step].mapOperations.append(.binary(operation, place, .channel, reversed: false))
        }
    }
}

extension Step {
    /// Whether what is fused into the step works on row-major operands, as its result is.
    var isRowMajor: Bool {
        switch kernel {
        case .rowMajor, .map(.channelProduct), .map(.plane), .map(.reduceChannels), .map(.axis): true
        case .map: false
        }
    }

    /// Whether the step's run applies what is fused into it; copies and changes of layout do not.
    var takesOperations: Bool {
        switch kernel {
        case .rowMajor(.concatenate), .rowMajor(.toPanels), .rowMajor(.fromPanels), .map(.toBlocks), .map(.fromBlocks), .map(.alignGroups),
            .map(.groupedWinograd):
            false
        case .rowMajor, .map: true
        }
    }
}
