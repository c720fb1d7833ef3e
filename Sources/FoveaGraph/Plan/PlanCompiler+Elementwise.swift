import FoveaCompute

extension PlanCompiler {
    mutating func lowerUnary(_ index: Int, _ operation: PostOperation) {
        let node = graph.nodes[index]
        if let step = fusable(node.inputs[0]), fits(operation, into: step) {
            fuse(operation, into: step)
            values[index] = values[root(node.inputs[0])]
        } else if let blocks = blocks(node.inputs[0]), fits(operation, blocks) {
            let kernel = MapElementwise(channels: blocks.channels, area: blocks.area, base: .map)
            let step = addBlocked(index, .elementwise(kernel), input: .arena(blocks.buffer), channels: blocks.channels, area: blocks.area)
            fuse(operation, into: step)
        } else {
            let step = addRowMajor(index, .elementwise(ElementwiseKernel(base: Broadcast(outer: node.count, repeated: 1, inner: 1))))
            fuse(operation, into: step)
        }
    }

    mutating func lowerBinary(_ index: Int, _ operation: BinaryOperator, _ first: Broadcast, _ second: Broadcast) {
        let (a, b) = (graph.nodes[index].inputs[0], graph.nodes[index].inputs[1])
        // The operand that is computed last can take the other in, if the other is complete by then.
        let candidates = [(a, b, first, second, false), (b, a, second, first, true)]
            .filter { $0.2.isIdentity }
            .compactMap { candidate in fusable(candidate.0).map { (step: $0, candidate: candidate) } }
            .sorted { $0.step > $1.step }
        for (step, (own, other, _, broadcast, reversed)) in candidates {
            guard let buffer = operandBuffer(other, broadcast, for: own, before: step) else { continue }
            let fused = PostOperation.binary(operation, .arena(buffer), broadcast, reversed: reversed)
            guard fits(fused, into: step) else { continue }
            fuse(fused, into: step)
            values[index] = values[root(own)]
            return
        }
        let swapped = !first.isIdentity && second.isIdentity
        let (own, other) = swapped ? (b, a) : (a, b)
        let (base, broadcast) = swapped ? (second, first) : (first, second)
        if addBlockedBinary(index, operation, own, base, other, broadcast, reversed: swapped) { return }
        let operand = rowMajor(other, need: needs[index])
        let step = addRowMajor(index, .elementwise(ElementwiseKernel(base: base)), input: own)
        fuse(.binary(operation, .arena(operand), broadcast, reversed: swapped), into: step)
    }

    /// A new step on blocked maps, where one of the two is blocked or the result is a map of many channels.
    private mutating func addBlockedBinary(
        _ index: Int, _ operation: BinaryOperator, _ own: Int, _ base: Broadcast, _ other: Int, _ broadcast: Broadcast, reversed: Bool
    ) -> Bool {
        let node = graph.nodes[index]
        let known = blocks(own).map { ($0.channels, $0.area) } ?? blocks(other).map { ($0.channels, $0.area) }
        let isMap = node.shape.count == 3 && node.shape[0] >= Blocked.lanes
        guard let (channels, area) = known ?? (isMap ? (node.shape[0], node.shape[1] * node.shape[2]) : nil),
            channels * area == node.count, area > 1,
            let first = MapOperation.Operand(base, channels: channels, area: area),
            let second = MapOperation.Operand(broadcast, channels: channels, area: area)
        else { return false }
        func source(_ value: Int, _ operand: MapOperation.Operand, _ compiler: inout Self) -> Int {
            let need = compiler.needs[index]
            guard let channels = operand.blockedChannels(of: channels) else { return compiler.rowMajor(value, need: need) }
            return compiler.blocked(value, channels: channels, area: area, need: need)
        }
        let (x, y) = (source(own, first, &self), source(other, second, &self))
        let kernel = MapElementwise(channels: channels, area: area, base: first)
        let step = addBlocked(index, .elementwise(kernel), input: .arena(x), channels: channels, area: area)
        steps[step].mapOperations.append(.binary(operation, .arena(y), second, reversed: reversed))
        return true
    }

    /// The buffer of an operand in the layout that the step of `own` reads it in, if it is complete before that step.
    private func operandBuffer(_ other: Int, _ broadcast: Broadcast, for own: Int, before step: Int) -> Int? {
        let value = values[root(other)]
        var buffer = value.rowMajor
        if !steps[step].isRowMajor, let blocks = resultBlocks(own),
            let operand = MapOperation.Operand(broadcast, channels: blocks.channels, area: blocks.area),
            let channels = operand.blockedChannels(of: blocks.channels)
        {
            guard let own = value.blocked, own.channels == channels, own.area == blocks.area else { return nil }
            buffer = own.buffer
        }
        guard let buffer, (buffers.producers[buffer] ?? -1) < step else { return nil }
        // A change of layout that only a map needs does not run for the logits.
        if let change = changes[location(of: buffer).buffer], steps[change].onlyForTaps != nil { return nil }
        return buffer
    }

    /// The map that a value is, a vector being one of a single position.
    private func resultBlocks(_ node: Int) -> (channels: Int, area: Int)? {
        let value = values[root(node)]
        return value.blocked.map { ($0.channels, $0.area) } ?? value.first.map { (buffers.sizes[$0], 1) }
    }

    // MARK: - Fusing

    private func fits(_ operation: PostOperation, _ blocks: Stored.Blocks) -> Bool {
        fits(operation, channels: blocks.channels, area: blocks.area)
    }

    private func fits(_ operation: PostOperation, into step: Int) -> Bool {
        steps[step].isRowMajor || fits(operation, channels: steps[step].map.channels, area: steps[step].map.area)
    }

    private func fits(_ operation: PostOperation, channels: Int, area: Int) -> Bool {
        guard case .binary(_, let place, let broadcast, _) = operation else { return true }
        guard let operand = MapOperation.Operand(broadcast, channels: channels, area: area) else { return false }
        // Constants are row-major.
        if case .constant = place { return operand.blockedChannels(of: channels) == nil }
        return true
    }

    /// Puts an operation behind a step that it fits.
    mutating func fuse(_ operation: PostOperation, into step: Int) {
        close(step)
        guard !steps[step].isRowMajor else {
            steps[step].operations.append(operation)
            return
        }
        switch operation {
        case .scale(let factor): steps[step].mapOperations.append(.scale(factor))
        case .activation(let activation): steps[step].mapOperations.append(.activation(activation))
        case .binary(let operation, let place, let broadcast, let reversed):
            let (channels, area) = steps[step].map
            guard let operand = MapOperation.Operand(broadcast, channels: channels, area: area) else { return }
            steps[step].mapOperations.append(.binary(operation, place, operand, reversed: reversed))
        }
    }
}
