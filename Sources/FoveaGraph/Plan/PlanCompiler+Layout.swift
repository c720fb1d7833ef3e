import FoveaCompute

extension PlanCompiler {
    /// The row-major buffer of a node's value, after a change of layout if need be.
    mutating func rowMajor(_ node: Int, need: Need) -> Int {
        let root = root(node)
        let value = values[root]
        if let buffer = value.rowMajor {
            widen(buffer, need)
            return buffer
        }
        let buffer = buffers.add(graph.nodes[root].count)
        values[root].rowMajor = buffer
        if let blocks = value.blocked {
            let change = LayoutChange(channels: blocks.channels, area: blocks.area)
            appendChange(.map(.fromBlocks(change)), from: blocks.buffer, to: buffer, need)
        } else if let panels = value.panels {
            appendChange(.rowMajor(.fromPanels(panels.change)), from: panels.buffer, to: buffer, need)
        }
        return buffer
    }

    /// The blocked buffer of a node's value as a map [channels, area], after a change of layout if need be.
    mutating func blocked(_ node: Int, channels: Int, area: Int, need: Need) -> Int {
        let root = root(node)
        if let blocks = values[root].blocked, blocks.channels == channels, blocks.area == area {
            widen(blocks.buffer, need)
            return blocks.buffer
        }
        let source = rowMajor(node, need: need)
        // One position's channels lie alike in both layouts.
        if area == 1 { return source }
        let buffer = buffers.add(Blocked.count(channels: channels, area: area))
        appendChange(.map(.toBlocks(LayoutChange(channels: channels, area: area))), from: source, to: buffer, need)
        if values[root].blocked == nil { values[root].blocked = Stored.Blocks(buffer: buffer, channels: channels, area: area) }
        return buffer
    }

    /// The panels of a generated kernel.
    mutating func panels(_ node: Int, _ product: ProductConvolution, need: Need) -> Int {
        let root = root(node)
        let change = PanelChange(product)
        // Another convolution may read the same numbers in another shape.
        if let panels = values[root].panels, panels.change == change { return panels.buffer }
        let source = rowMajor(node, need: need)
        let buffer = buffers.add(change.panels.count)
        appendChange(.rowMajor(.toPanels(change)), from: source, to: buffer, need)
        return buffer
    }

    private mutating func appendChange(_ kernel: Step.Kernel, from source: Int, to buffer: Int, _ need: Need) {
        changes[buffer] = append(kernel, input: .arena(source), output: buffer, need: need)
    }

    /// A change of layout that a map asked for may be needed for the logits, or another map, later; and with it the one that it is made from.
    private mutating func widen(_ buffer: Int, _ need: Need) {
        guard let step = changes[location(of: buffer).buffer], let taps = steps[step].onlyForTaps else { return }
        steps[step].onlyForTaps = need.onlyForTaps.map { taps + $0 }
        if case .arena(let source) = steps[step].input { widen(source, need) }
    }

    /// The map [channels, area] that a value is blocked as, if it is.
    func blocks(_ node: Int) -> Stored.Blocks? { values[root(node)].blocked }

    // MARK: - Steps

    /// A step with a row-major result from the node's first input.
    @discardableResult
    mutating func addRowMajor(_ index: Int, _ kernel: Step.RowMajorKernel, input: Int? = nil, shared: Int = 0) -> Int {
        let node = graph.nodes[index]
        let source = rowMajor(input ?? node.inputs[0], need: needs[index])
        let output = buffers.add(node.count)
        values[index].rowMajor = output
        return append(.rowMajor(kernel), input: .arena(source), output: output, shared: shared, need: needs[index])
    }

    /// A step with a row-major result, or a vector, from a buffer.
    @discardableResult
    mutating func addVector(_ index: Int, _ kernel: Step.MapKernel, input: Int, count: Int? = nil) -> Int {
        let output = buffers.add(count ?? graph.nodes[index].count)
        values[index].rowMajor = output
        return append(.map(kernel), input: .arena(input), output: output, need: needs[index])
    }

    /// A step with a blocked result from a buffer.
    @discardableResult
    mutating func addBlocked(
        _ index: Int, _ kernel: Step.MapKernel, input: Place, channels: Int, area: Int, shared: Int = 0
    ) -> Int {
        let output = buffers.add(Blocked.count(channels: channels, area: area))
        values[index].blocked = Stored.Blocks(buffer: output, channels: channels, area: area)
        if area == 1 { values[index].rowMajor = output }
        return append(.map(kernel), input: input, output: output, shared: shared, need: needs[index])
    }

    @discardableResult
    mutating func append(_ kernel: Step.Kernel, input: Place, output: Int, shared: Int = 0, need: Need) -> Int {
        let sharedBuffer = shared > 0 ? buffers.add(shared) : output
        let step = Step(
            kernel: kernel, input: input, output: output, shared: sharedBuffer, onlyForTaps: need.onlyForTaps,
            layer: graph.nodes[lowered].layer)
        for case .arena(let buffer) in step.reads { widen(buffer, need) }
        steps.append(step)
        buffers.producers[output] = steps.count - 1
        return steps.count - 1
    }

    mutating func newConstant(_ values: [Float]) -> Int {
        constants.append(.values(values))
        return constants.count - 1
    }
}
