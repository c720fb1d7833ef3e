import FoveaCompute

/// From row-major maps to blocked ones and back, by transposing squares of four channels and four positions.
enum LayoutChangeKernel {
    static func toBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int) {
        let cut = MapCut(blocks: Blocked.blocks(step.channels), rows: step.area)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (source, target) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                var channel = block &* 16
                while channel < (block &+ 1) &* 16 {
                    toBlocks(
                        source + channel &* step.area, channels: step.channels &- channel, step.area, start, end,
                        to: target + block &* step.area &* 16 + channel % 16)
                    channel &+= 4
                }
            }
        }
    }

    static func fromBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int) {
        let cut = MapCut(blocks: Blocked.blocks(step.channels), rows: step.area)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (source, target) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                var channel = block &* 16
                while channel < min((block &+ 1) &* 16, step.channels) {
                    fromBlocks(
                        source + block &* step.area &* 16 + channel % 16, channels: step.channels &- channel, step.area, start, end,
                        to: target + channel &* step.area)
                    channel &+= 4
                }
            }
        }
    }

    // MARK: -

    /// Four lanes of a block.
    ///
    /// - Parameter channels: channels that there still are; the lanes behind them become zero
    private static func toBlocks(
        _ rows: UnsafePointer<Float>, channels: Int, _ area: Int, _ start: Int, _ end: Int, to lanes: UnsafeMutablePointer<Float>
    ) {
        var position = start
        while position &+ 4 <= end {
            let row = rows + position
            let a = channels > 0 ? loadQuad(row) : Quad()
            let b = channels > 1 ? loadQuad(row + area) : Quad()
            let c = channels > 2 ? loadQuad(row + 2 &* area) : Quad()
            let d = channels > 3 ? loadQuad(row + 3 &* area) : Quad()
            let columns = transpose(a, b, c, d)
            let target = lanes + position &* 16
            store(columns.0, target)
            store(columns.1, target + 16)
            store(columns.2, target + 32)
            store(columns.3, target + 48)
            position &+= 4
        }
        while position < end {
            var lane = 0
            while lane < 4 {
                lanes[position &* 16 &+ lane] = lane < channels ? rows[lane &* area &+ position] : 0
                lane &+= 1
            }
            position &+= 1
        }
    }

    /// Four lanes of a block, of which the first `channels` are wanted.
    private static func fromBlocks(
        _ lanes: UnsafePointer<Float>, channels: Int, _ area: Int, _ start: Int, _ end: Int, to rows: UnsafeMutablePointer<Float>
    ) {
        var position = start
        while position &+ 4 <= end {
            let source = lanes + position &* 16
            let columns = transpose(loadQuad(source), loadQuad(source + 16), loadQuad(source + 32), loadQuad(source + 48))
            let row = rows + position
            store(columns.0, row)
            if channels > 1 { store(columns.1, row + area) }
            if channels > 2 { store(columns.2, row + 2 &* area) }
            if channels > 3 { store(columns.3, row + 3 &* area) }
            position &+= 4
        }
        while position < end {
            var lane = 0
            while lane < min(channels, 4) {
                rows[lane &* area &+ position] = lanes[position &* 16 &+ lane]
                lane &+= 1
            }
            position &+= 1
        }
    }
}
