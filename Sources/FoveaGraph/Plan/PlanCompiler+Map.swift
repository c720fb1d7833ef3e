import FoveaCompute

extension PlanCompiler {
    mutating func lowerReduction(_ index: Int, _ reduction: Reduction, _ axis: AxisGeometry) {
        let input = graph.nodes[index].inputs[0]
        if let blocks = blocks(input), blocks.area > 1 {
            if axis.inner == 1, axis.outer == blocks.channels, axis.length == blocks.area {
                let kernel = PositionReduction(reduction, channels: blocks.channels, area: blocks.area)
                addVector(
                    index, .reducePositions(kernel), input: blocks.buffer, count: Blocked.count(channels: blocks.channels, area: 1))
                return
            }
            if axis.outer == 1, axis.length == blocks.channels, axis.inner == blocks.area {
                addVector(
                    index, .reduceChannels(ChannelReduction(reduction, channels: blocks.channels, area: blocks.area)), input: blocks.buffer)
                return
            }
        }
        addAxis(index, AxisOperation(.reduce(reduction), axis))
    }

    mutating func addAxis(_ index: Int, _ operation: AxisOperation) {
        addVector(index, .axis(operation), input: rowMajor(graph.nodes[index].inputs[0], need: needs[index]))
    }

    mutating func lowerPooling(_ index: Int, _ kind: PoolingKind, _ window: WindowGeometry) {
        let node = graph.nodes[index]
        if let blocks = blocks(node.inputs[0]), blocks.channels == node.shape[0], blocks.area == window.input.area {
            addBlocked(
                index, .pool(MapPooling(kind, channels: blocks.channels, window)), input: .arena(blocks.buffer), channels: blocks.channels,
                area: window.output.area)
        } else {
            addRowMajor(index, .pool(PoolingKernel(kind, channels: node.shape[0], window)))
        }
    }

    mutating func lowerResizing(_ index: Int, _ kind: ResizingKernel.Kind, _ input: Extent2D, _ output: Extent2D) {
        let node = graph.nodes[index]
        if let blocks = blocks(node.inputs[0]), blocks.channels == node.shape[0], blocks.area == input.area {
            addBlocked(
                index, .resize(MapResizing(kind, channels: blocks.channels, input: input, output: output)), input: .arena(blocks.buffer),
                channels: blocks.channels, area: output.area)
        } else {
            addRowMajor(index, .resize(ResizingKernel(kind, channels: node.shape[0], input: input, output: output)))
        }
    }

    /// A stretch of the first axis is a part of its input's memory; any other is copied.
    mutating func lowerSlice(_ index: Int, _ axis: AxisGeometry, _ range: Range<Int>) {
        let node = graph.nodes[index]
        let (first, count) = (range.lowerBound * axis.inner, node.count)
        guard axis.outer == 1 else {
            addRowMajor(index, .slice(SliceKernel(axis, range)))
            return
        }
        if let blocks = blocks(node.inputs[0]), blocks.area > 1, first % (blocks.area * Blocked.lanes) == 0, count % blocks.area == 0 {
            let channels = count / blocks.area
            let part = buffers.addPart(of: blocks.buffer, at: first, Blocked.count(channels: channels, area: blocks.area))
            values[index].blocked = Stored.Blocks(buffer: part, channels: channels, area: blocks.area)
            return
        }
        values[index].rowMajor = buffers.addPart(of: rowMajor(node.inputs[0], need: needs[index]), at: first, count)
    }

    /// Along the first axis, what a step computes for no other place is computed in place; the rest is copied.
    mutating func lowerConcatenate(_ index: Int, _ outer: Int) {
        if outer == 1, composeBlocks(index) { return }
        let node = graph.nodes[index]
        let sources = node.inputs.map { rowMajor($0, need: needs[index]) }
        let output = buffers.add(node.count)
        var copies: [(kernel: CopyKernel, part: Place, distance: Int)] = []
        var (distance, last) = (0, -1)
        for (input, part) in zip(node.inputs, sources) {
            let count = graph.nodes[input].count / outer
            if outer == 1, let producer = composable(part, count) {
                buffers.parts[part] = (output, distance)
                last = max(last, producer)
            } else {
                copies.append((CopyKernel(outer: outer, part: count, whole: node.count / outer), .arena(part), distance))
            }
            distance += count
        }
        values[index].rowMajor = output
        finishComposition(index, output, copies, last)
    }

    /// A concatenation of blocked maps that are whole blocks of channels.
    private mutating func composeBlocks(_ index: Int) -> Bool {
        let inputs = graph.nodes[index].inputs
        let maps = inputs.compactMap(blocks)
        guard maps.count == inputs.count, let area = maps.first?.area, area > 1,
            maps.allSatisfy({ $0.area == area && $0.channels % Blocked.lanes == 0 })
        else { return false }
        let channels = maps.reduce(0) { $0 + $1.channels }
        let output = buffers.add(channels * area)
        var copies: [(kernel: CopyKernel, part: Place, distance: Int)] = []
        var (distance, last) = (0, -1)
        for map in maps {
            let count = map.channels * area
            if let producer = composable(map.buffer, count) {
                buffers.parts[map.buffer] = (output, distance)
                last = max(last, producer)
            } else {
                copies.append((CopyKernel(outer: 1, part: count, whole: count), .arena(map.buffer), distance))
            }
            distance += count
        }
        values[index].blocked = Stored.Blocks(buffer: output, channels: channels, area: area)
        finishComposition(index, output, copies, last)
        return true
    }

    private mutating func finishComposition(
        _ index: Int, _ output: Int, _ copies: [(kernel: CopyKernel, part: Place, distance: Int)], _ last: Int
    ) {
        buffers.composed.insert(output)
        if let first = copies.first {
            append(.rowMajor(.concatenate(copies)), input: first.part, output: output, need: needs[index])
        } else {
            buffers.producers[output] = last
        }
    }

    /// The step that fills a buffer, if it can fill it as a part of another: it writes `count` numbers and no lanes behind them.
    private func composable(_ buffer: Int, _ count: Int) -> Int? {
        guard buffers.parts[buffer] == nil, let producer = buffers.producers[buffer], buffers.sizes[buffer] == count else { return nil }
        // A change of layout that only some maps ask for may be asked for by nobody.
        guard changes[buffer] == nil else { return nil }
        if count % Blocked.lanes == 0 { return producer }
        if case .map(let kernel) = steps[producer].kernel {
            switch kernel {
            case .linear, .channelProduct, .plane, .reduceChannels, .axis: break
            default: return nil
            }
        }
        return producer
    }
}
