import FoveaCompute

/// Winograd's convolutions: transform, multiply at each point, transform back.
enum WinogradKernel {
    private typealias Weights = Float32Weights

    static func run(
        _ step: WinogradConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        if let tiles = step.tilesPerBlock {
            runBlocks(step, tiles, pass, x, weight, to: y, then: operations)
        } else {
            transformAll(step, pass, x, to: shared)
            multiplyAll(step, pass, weight, shared)
            restoreAll(step, pass, to: y, shared, operations)
        }
    }

    // MARK: - Block by block of tiles

    private static func runBlocks(
        _ step: WinogradConvolution, _ tilesPerBlock: Int, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int,
        then operations: [MapOperation]
    ) {
        let geometry = step.geometry
        let panels = step.panels
        let blocks = (step.tiles + tilesPerBlock - 1) / tilesPerBlock
        pass.forEach(blocks: blocks) { picture, block, scratch in
            let range = block &* step.tiles / blocks..<(block &+ 1) &* step.tiles / blocks
            let input = pass.read(x, picture)
            let weights = UnsafeRawPointer(pass.read(weight, picture))
            let output = pass.arena(picture) + y
            let pointStride = step.inputBlocks &* range.count &* 16
            let tiles = WinogradTiles(step, scratch)
            let transformed = scratch + WinogradConvolution.patchCount
            for inputBlock in 0..<step.inputBlocks {
                tiles.transformInput(
                    input + inputBlock &* geometry.inputArea &* 16, range, to: transformed + inputBlock &* range.count &* 16,
                    stride: pointStride)
            }
            let products = transformed + step.points &* pointStride
            var panel = 0
            while panel < panels.number {
                let turn = panel..<min(panel &+ WinogradConvolution.panelsPerTurn, panels.number)
                let outputBlocks = turn.lowerBound &* 2..<min(turn.upperBound &* 2, step.outputBlocks)
                let productStride = outputBlocks.count &* range.count &* 16
                for point in 0..<step.points {
                    for panel in turn {
                        let target = products + (point &* productStride &+ (panel &- turn.lowerBound) &* 2 &* range.count &* 16)
                        multiply(
                            step, range.count, UnsafePointer(transformed) + point &* pointStride, stride: range.count &* 16,
                            weights + (point &* pointCount(step) &+ panels.start(panel)) &* Weights.size, width: panels.width(panel),
                            to: target, stride: range.count &* 16)
                    }
                }
                for outputBlock in outputBlocks {
                    let source = products + (outputBlock &- outputBlocks.lowerBound) &* range.count &* 16
                    tiles.transformOutput(
                        UnsafePointer(source), stride: productStride, range, to: output + outputBlock &* geometry.outputArea &* 16)
                }
                finish(step, range, pass, picture, output, outputBlocks, operations)
                panel = turn.upperBound
            }
        }
    }

    /// Applies the operations to the positions that tiles cover: stretches of output rows.
    private static func finish(
        _ step: WinogradConvolution, _ tiles: Range<Int>, _ pass: Pass, _ picture: Int, _ output: UnsafeMutablePointer<Float>,
        _ blocks: Range<Int>, _ operations: [MapOperation]
    ) {
        guard !operations.isEmpty else { return }
        let size = step.geometry.window.output
        var tile = tiles.lowerBound
        while tile < tiles.upperBound {
            let (row, column) = tile.quotientAndRemainder(dividingBy: step.tilesWide)
            let end = min(step.tilesWide, column &+ tiles.upperBound &- tile)
            for y in row &* step.tile..<min((row &+ 1) &* step.tile, size.height) {
                let positions = y &* size.width &+ column &* step.tile..<y &* size.width &+ min(end &* step.tile, size.width)
                operations.apply(pass, picture, output, blocks: blocks, positions, step.geometry.outputArea)
            }
            tile &+= end &- column
        }
    }

    // MARK: - Phase by phase

    /// Transforms all tiles of all pictures into their shared memory: [point, block of channels, tile, 16].
    static func transformAll(_ step: WinogradConvolution, _ pass: Pass, _ x: Place, to shared: Int) {
        pass.forEach(blocks: step.inputBlocks) { picture, block, scratch in
            WinogradTiles(step, scratch).transformInput(
                pass.read(x, picture) + block &* step.geometry.inputArea &* 16, 0..<step.tiles,
                to: pass.arena(picture) + shared + block &* step.tiles &* 16, stride: step.inputBlocks &* step.tiles &* 16)
        }
    }

    /// Streams each point's panels once for all pictures, some neighbouring ones in a block of work.
    private static func multiplyAll(_ step: WinogradConvolution, _ pass: Pass, _ weight: Place, _ shared: Int) {
        let panels = step.panels
        let (inputStride, outputStride) = (step.inputBlocks &* step.tiles &* 16, step.outputBlocks &* step.tiles &* 16)
        pass.lane.forEachRange(of: step.points &* panels.number, by: 4) { range, _ in
            for index in range {
                let (point, panel) = index.quotientAndRemainder(dividingBy: panels.number)
                for picture in 0..<pass.count {
                    let weights = UnsafeRawPointer(pass.read(weight, picture))
                    let memory = pass.arena(picture) + shared
                    multiply(
                        step, step.tiles, UnsafePointer(memory) + point &* inputStride, stride: step.tiles &* 16,
                        weights + (point &* pointCount(step) &+ panels.start(panel)) &* Weights.size, width: panels.width(panel),
                        to: memory + (step.points &* inputStride &+ point &* outputStride &+ panel &* 2 &* step.tiles &* 16),
                        stride: step.tiles &* 16, streams: (picture, pass.count))
                }
            }
        }
    }

    private static func restoreAll(
        _ step: WinogradConvolution, _ pass: Pass, to y: Int, _ shared: Int, _ operations: [MapOperation]
    ) {
        let area = step.geometry.outputArea
        let products = shared + step.points * step.inputBlocks * step.tiles * 16
        pass.forEach(blocks: step.outputBlocks) { picture, block, scratch in
            let output = pass.arena(picture) + y
            WinogradTiles(step, scratch).transformOutput(
                UnsafePointer(pass.arena(picture) + products + block &* step.tiles &* 16), stride: step.outputBlocks &* step.tiles &* 16,
                0..<step.tiles, to: output + block &* area &* 16)
            operations.apply(pass, picture, output, blocks: block..<block &+ 1, 0..<area, area)
        }
    }

    // MARK: -

    /// Weights from one point to the next.
    @inline(__always)
    private static func pointCount(_ step: WinogradConvolution) -> Int {
        step.panels.count
    }

    /// Sums over the channels, `ProductConvolution.segments` blocks at a time.
    ///
    /// - Parameter streams: where weights come from memory, which of how many products of them this is: each asks for a share of those
    ///   that follow the next ones
    @inline(__always)
    private static func multiply(
        _ step: WinogradConvolution, _ count: Int, _ tiles: UnsafePointer<Float>, stride: Int, _ panel: UnsafeRawPointer, width: Int,
        to target: UnsafeMutablePointer<Float>, stride targetStride: Int, streams: (index: Int, count: Int)? = nil
    ) {
        let (whole, rest) = step.geometry.inputChannels.quotientAndRemainder(dividingBy: 16)
        let bytes = step.geometry.inputChannels &* width &* Weights.size
        var block = 0
        while block < step.inputBlocks {
            let isWhole = block < whole
            let segments = isWhole ? min(ProductConvolution.segments, whole &- block) : 1
            let rows = Tile<Weights>.Rows(
                start: tiles + block &* stride, stride: stride, segments: segments, length: isWhole ? 16 : rest)
            let weights = panel + block &* 16 &* width &* Weights.size
            let ahead = streams.map {
                Tile<Weights>.Ahead(start: weights + bytes, bytes: rows.depth &* width &* Weights.size).share($0.index, of: $0.count)
            }
            Tile<Weights>.multiply(
                count, rows, weights, width: width, Tile<Weights>.Target(start: target, stride: targetStride, adds: block > 0), ahead: ahead
            )
            block &+= segments
        }
    }
}
