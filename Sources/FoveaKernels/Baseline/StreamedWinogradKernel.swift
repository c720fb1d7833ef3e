import FoveaCompute

/// Winograd's convolutions whose filters are streamed: a panel's filters are read piece by piece, transformed in cache, and multiplied by
/// the tiles of all pictures.
enum StreamedWinogradKernel<Weights: PanelWeights> {
    static func run(
        _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ filters: WinogradFilterSource, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        if winograd.stride == 2 {
            return StridedWinogradKernel<Weights>.run(winograd, pass, x, filters, to: y, shared: shared, then: operations)
        }
        transformTiles(winograd, pass, x, gates: filters.gates, to: shared)
        let area = winograd.geometry.outputArea
        pass.lane.forEach(winograd.panels.number) { panel, scratch in
            let blocks = panel &* 2..<min(panel &* 2 &+ 2, winograd.outputBlocks)
            let panel = WinogradPanel<Weights>(winograd, pass, filters, panel, shared: shared, scratch)
            panel.forEachRound { round in
                panel.multiply(round)
                for stretch in round {
                    let output = pass.arena(stretch.picture) + y
                    for block in blocks {
                        panel.restore(stretch, round, block: block &- blocks.lowerBound, to: output + block &* area &* 16)
                    }
                    WinogradKernel.finish(winograd, stretch.tiles, pass, stretch.picture, output, blocks, operations)
                }
            }
        }
    }

    /// Transforms all tiles of all pictures, scaled by their gates, into their shared memory: [block of channels, point, tile, 16].
    private static func transformTiles(_ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, gates: Place?, to shared: Int) {
        WinogradTiles.forEachBlock(winograd, pass, x, gates: gates) { tiles, picture, block, map in
            tiles.transformInput(
                map, 0..<winograd.tiles, to: pass.arena(picture) + shared + block &* winograd.tileBlockCount,
                stride: winograd.tileStride)
        }
    }
}
