import FoveaCompute

/// Winograd's convolutions of few weights, which are stored transformed: some tiles at a time are transformed, multiplied at each point,
/// and transformed back.
enum WinogradKernel {
    private typealias Weights = Float32Weights

    static func run(
        _ step: WinogradConvolution, tilesPerBlock: Int, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int,
        then operations: [MapOperation]
    ) {
        let geometry = step.geometry
        let panels = step.panels
        let blocks = min(step.tiles, pass.blocks(atLeast: (step.tiles + tilesPerBlock - 1) / tilesPerBlock))
        pass.forEach(blocks: blocks) { picture, block, scratch in
            let range = block &* step.tiles / blocks..<(block &+ 1) &* step.tiles / blocks
            let input = pass.read(x, picture)
            let weights = UnsafeRawPointer(pass.read(weight, picture))
            let output = pass.arena(picture) + y
            let pointStride = WinogradConvolution.pointStride(step.inputBlocks &* range.count)
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
                let productStride = WinogradConvolution.pointStride(outputBlocks.count &* range.count)
                for point in 0..<step.points {
                    for panel in turn {
                        let target = products + (point &* productStride &+ (panel &- turn.lowerBound) &* 2 &* range.count &* 16)
                        // What is multiplied next is fetched meanwhile.
                        let isLast = panel &+ 1 == turn.upperBound
                        let (nextPoint, nextPanel) = isLast ? (point &+ 1, turn.lowerBound) : (point, panel &+ 1)
                        multiply(
                            step, range.count, UnsafePointer(transformed) + point &* pointStride, stride: range.count &* 16,
                            weights + (point &* step.filterStride &+ panels.start(panel)) &* Weights.size, width: panels.width(panel),
                            to: target, stride: range.count &* 16,
                            next: weights + (nextPoint &* step.filterStride &+ panels.start(nextPanel)) &* Weights.size)
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
    static func finish(
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

    /// Channels that are summed before the sum joins what was summed before. Where no instruction multiplies and adds in one, each product is rounded
    /// too: half as many then err as little.
    static var channels: Int {
        #if FOVEA_BASELINE
        WinogradPieces.channels / 2
        #else
        WinogradPieces.channels
        #endif
    }

    /// Sums over the channels, some at a time.
    @inline(__always)
    private static func multiply(
        _ step: WinogradConvolution, _ count: Int, _ tiles: UnsafePointer<Float>, stride: Int, _ panel: UnsafeRawPointer, width: Int,
        to target: UnsafeMutablePointer<Float>, stride targetStride: Int, next: UnsafeRawPointer
    ) {
        let bytes = width &* Weights.size
        let (whole, rest) = step.geometry.inputChannels.quotientAndRemainder(dividingBy: 16)
        var block = 0
        while block < step.inputBlocks {
            let isWhole = block < whole
            let segments = isWhole ? min(channels / 16, whole &- block) : 1
            let rows = TileRows(
                start: tiles + block &* stride, stride: stride, segments: segments, length: isWhole ? 16 : rest, isFar: true)
            Tile<Weights>.multiply(
                count, rows, panel + block &* 16 &* bytes, width: width,
                TileTarget(start: target, stride: targetStride, adds: block > 0),
                ahead: Ahead(start: next + block &* 16 &* bytes, bytes: rows.depth &* bytes))
            block &+= segments
        }
    }
}
