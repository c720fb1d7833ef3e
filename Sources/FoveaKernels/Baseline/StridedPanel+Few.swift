import FoveaCompute

/// Few tiles: their filters are transformed in registers (`PhaseSums`), to the same bits.
extension StridedPanel {
    /// Whether so many rows had better meet filters that are transformed in registers.
    func isFew(_ rows: Int) -> Bool { rows <= PhaseSums<Weights>.mostTiles && tiles.strides.phase == rows &* 16 }

    func multiplyFew<Source: PanelWeights>(
        _ piece: Piece, _: Source.Type, _ filters: UnsafeRawPointer, _ rows: Range<Int>, _ ahead: Ahead?
    ) {
        // Sums over a piece are laid out as the products: those of the first piece are the products, others are added to them.
        let isFirst = piece.block == 0
        let stride = isFirst ? productStride : WinogradConvolution.pointStride(2 &* rows.count)
        let count = isFirst ? round.count : rows.count
        let target = isFirst ? scratch + (products &+ rows.lowerBound &* 16) : scratch + pieces.sums
        withRuns(piece, rows) { runs in
            for block in 0..<piece.blocks {
                for half in 0..<width / 16 {
                    let work = FewTiles(
                        filters: filters + 9 &* block &* piece.length &* width &* Source.size, length: piece.length, width: width,
                        column: half &* 16, tiles: runs[0].start + block &* tiles.strides.block, sums: target + half &* count &* 16,
                        sumStride: stride, continues: block > 0)
                    let part = block &* (width / 16) &+ half
                    PhaseSums<Source>.run(work, count: rows.count, ahead: ahead?.share(part, of: piece.blocks &* width / 16))
                }
            }
        }
        guard !isFirst else { return }
        for point in 0..<winograd.points {
            for half in 0..<width / 16 {
                for row in 0..<rows.count {
                    let sum = load(target + (point &* stride &+ (half &* rows.count &+ row) &* 16))
                    let product = scratch + (products &+ point &* productStride &+ (half &* round.count &+ rows.lowerBound &+ row) &* 16)
                    store(load(product) + sum, product)
                }
            }
        }
    }
}
