import FoveaCompute

/// Winograd's convolutions that move by two: a panel's filters are read piece by piece, transformed a row of points at a time, and multiplied by the
/// tiles of several pictures.
enum StridedWinogradKernel<Weights: PanelWeights> {
    static func run(
        _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ filters: WinogradFilterSource, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        let pieces = PhasePieces(winograd, isMixed: filters.isMixed)
        StridedTiles.transform(winograd, pieces, pass, x, gates: filters.gates, to: shared)
        let area = winograd.geometry.outputArea
        let rounds = pieces.rounds(pass.count)
        // A panel's rounds are neighbours, so that its filters are read from memory once.
        pass.lane.forEach(winograd.panels.number &* rounds) { item, scratch in
            let (index, round) = item.quotientAndRemainder(dividingBy: rounds)
            let rows = pieces.rows(round, pass.count)
            let blocks = index &* 2..<min(index &* 2 &+ 2, winograd.outputBlocks)
            let panel = StridedPanel<Weights>(winograd, pieces, pass, filters, index, rows, shared: shared, scratch)
            panel.multiply()
            for stretch in panel.round {
                let output = pass.arena(stretch.picture) + y
                for block in blocks {
                    panel.restore(stretch, block: block &- blocks.lowerBound, to: output + block &* area &* 16)
                }
                WinogradKernel.finish(winograd, stretch.tiles, pass, stretch.picture, output, blocks, operations)
            }
        }
    }
}
