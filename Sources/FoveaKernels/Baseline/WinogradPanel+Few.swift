import FoveaCompute

/// Few tiles: their filters are transformed in registers (`WinogradSums`), to the same bits.
extension WinogradPanel {
    /// Whether filters that meet so many tiles had better be transformed in registers.
    func isFew(_ tiles: Int) -> Bool { winograd.tile == 4 && tiles <= WinogradSums<Weights>.mostTiles }

    func multiplyFew(_ round: WinogradRound, _ piece: Range<Int>, _ start: UnsafeRawPointer) {
        let bytes = 9 &* width &* Weights.size
        forEachBlock(piece) { channel, length in
            let ahead = Ahead(start: start + (channel &+ length) &* bytes, bytes: length &* bytes)
            sum(0..<round.count, of: round, piece, channel, length, Weights.self, start + channel &* bytes, ahead)
        }
        join(piece, of: round)
    }

    /// The filters of some pictures are mixed together, so that each stored kernel is read once for all of them.
    func multiplyFew(_ round: WinogradRound, _ piece: Range<Int>, _ step: DynamicProduct, _ sources: DynamicProduct.Sources) {
        let first = round.place(0).picture
        let pictures = first..<first &+ round.count / round.tiles
        KernelMixture<Weights>.withMixtures(step, sources, pass, pictures) { mixtures in
            forEachBlock(piece) { channel, length in
                let ahead = mixtures[0].stored(9 &* length, from: 9 &* (channel &+ length), panel: panel)
                KernelMixture<Weights>.mix(
                    mixtures, chunk(channel, length), panel: panel, to: scratch + pieces.mixed, stride: WinogradPieces.mixedCount
                ) { index, filters in
                    sum(
                        index &* round.tiles..<(index &+ 1) &* round.tiles, of: round, piece, channel, length, Float32Weights.self,
                        UnsafeRawPointer(filters), ahead?.share(index, of: pictures.count))
                }
            }
        }
        join(piece, of: round)
    }

    /// Multiplies rows by one block of channels' filters; their sums run over the piece.
    @inline(__always)
    private func sum<Source: PanelWeights>(
        _ rows: Range<Int>, of round: WinogradRound, _ piece: Range<Int>, _ channel: Int, _ length: Int, _: Source.Type,
        _ filters: UnsafeRawPointer, _ ahead: Ahead?
    ) {
        let tiles = gather(rows, of: round, channel)
        let sums = sums(piece) + rows.lowerBound &* 16
        for block in 0..<width / 16 {
            let work = FewTiles(
                filters: filters, length: length, width: width, column: block &* 16, tiles: tiles,
                sums: sums + block &* round.count &* 16, sumStride: productStride(round), continues: channel > piece.lowerBound)
            WinogradSums<Source>.run(work, count: rows.count, ahead: ahead?.share(block, of: width / 16))
        }
    }

    /// The rows' tiles of one block of channels, brought together: [point, row, 16]. A picture's tiles alone lie so as they are.
    private func gather(_ rows: Range<Int>, of round: WinogradRound, _ channel: Int) -> UnsafePointer<Float> {
        let first = round.place(rows.lowerBound)
        if first.tile == 0, rows.count == winograd.tiles { return transformedTiles(first.picture, 0, channel) }
        let (stride, target) = (WinogradConvolution.pointStride(rows.count), scratch + pieces.transformed)
        for row in rows {
            let (picture, tile) = round.place(row)
            let source = transformedTiles(picture, tile, channel)
            let target = target + (row &- rows.lowerBound) &* 16
            for point in 0..<winograd.points { store(load(source + point &* winograd.tileStride), target + point &* stride) }
        }
        return UnsafePointer(target)
    }

    /// Where the sums over a piece go, laid out as the products: those of the first piece are the products, others are added to them.
    ///
    /// They lie where transformed filters would, behind the tiles that are gathered there. Mixed filters gather none, and the sums of eight pictures
    /// of eight tiles take the place whole.
    private func sums(_ piece: Range<Int>) -> UnsafeMutablePointer<Float> {
        guard piece.lowerBound > 0 else { return scratch + pieces.products }
        let gathered = filters.isMixed ? 0 : WinogradConvolution.pointStride(WinogradSums<Weights>.mostTiles)
        return scratch + pieces.transformed + winograd.points &* gathered
    }

    private func join(_ piece: Range<Int>, of round: WinogradRound) {
        guard piece.lowerBound > 0 else { return }
        let (source, target) = (sums(piece), scratch + pieces.products)
        for vector in 0..<winograd.points &* productStride(round) / 16 {
            store(load(target + vector &* 16) + load(source + vector &* 16), target + vector &* 16)
        }
    }
}
