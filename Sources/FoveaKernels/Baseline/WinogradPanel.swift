import FoveaCompute

/// One block of work of `StreamedWinogradKernel`: a panel's filters, taken piece by piece through the input channels, times all tiles.
struct WinogradPanel<Weights: PanelWeights> {
    typealias Stretch = WinogradRound.Stretch

    let winograd: WinogradConvolution
    let pass: Pass
    let panel: Int
    let width: Int
    let pieces: WinogradPieces
    let scratch: UnsafeMutablePointer<Float>
    let filters: WinogradFilterSource
    private let shared: Int

    init(
        _ winograd: WinogradConvolution, _ pass: Pass, _ filters: WinogradFilterSource, _ panel: Int, shared: Int,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        self.winograd = winograd
        self.pass = pass
        self.filters = filters
        self.panel = panel
        width = winograd.panels.width(panel)
        self.shared = shared
        pieces = WinogradPieces(winograd)
        self.scratch = scratch
    }

    func forEachRound(_ body: (WinogradRound) -> Void) {
        let rows = pass.count &* winograd.tiles
        var first = 0
        while first < rows {
            let last = min(first &+ pieces.rows, rows)
            body(WinogradRound(tiles: winograd.tiles, rows: first..<last))
            first = last
        }
    }

    /// The round's products, [point, block of outputs, row, 16], summed piece by piece. What is left of a block of channels is a piece of its
    /// own.
    func multiply(_ round: WinogradRound) {
        let channels = winograd.geometry.inputChannels
        let whole = channels / 16 &* 16
        var first = 0
        while first < channels {
            let piece = first..<(first < whole ? min(first &+ WinogradKernel.channels, whole) : channels)
            switch filters {
            case .stored(let place):
                let start = UnsafeRawPointer(pass.read(place, 0)) + winograd.filters.start(panel) &* Weights.size
                if isFew(round.count) { multiplyFew(round, piece, start) } else { multiply(round, piece, start) }
            case .mixed(let step, let sources):
                if isFew(winograd.tiles) {
                    multiplyFew(round, piece, step, sources)
                } else {
                    multiplyMixed(round, piece, step, sources)
                }
            }
            first = piece.upperBound
        }
    }

    private func multiply(_ round: WinogradRound, _ piece: Range<Int>, _ start: UnsafeRawPointer) {
        let bytes = 9 &* width &* Weights.size
        forEachBlock(piece) { channel, length in
            transform(Weights.self, start + channel &* bytes, channel, length, piece)
        }
        // The next piece's filters are fetched meanwhile.
        let ahead = Ahead(start: start + piece.upperBound &* bytes, bytes: piece.count &* bytes)
        if isScattered(round) { return multiplyScattered(round, piece, ahead) }
        for point in 0..<winograd.points {
            let part = ahead.share(point, of: winograd.points)
            for stretch in round {
                multiply(stretch, round, piece, point: point, part.share(stretch.row, stretch.tiles.count, of: round.count))
            }
        }
    }

    /// Whether pictures have too few tiles for the sums that registers hold, so that those of several are better brought together.
    private func isScattered(_ round: WinogradRound) -> Bool { round.tiles < 4 && round.count > round.tiles }

    /// Brings all rows of a point together, [block of channels, row, 16], where mixed filters would be, before they are multiplied.
    private func multiplyScattered(_ round: WinogradRound, _ piece: Range<Int>, _ ahead: Ahead) {
        let (points, count, pointStride, blockStride) = (winograd.points, round.count, winograd.tileStride, winograd.tileBlockCount)
        let (blocks, gathered) = ((piece.count &+ 15) / 16, scratch + pieces.mixed)
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: count) { rows in
            for row in 0..<count {
                let (picture, tile) = round.place(row)
                rows.initializeElement(at: row, to: transformedTiles(picture, tile, piece.lowerBound))
            }
            for point in 0..<points {
                for row in 0..<count {
                    let (source, target) = (rows[row] + point &* pointStride, gathered + row &* 16)
                    for block in 0..<blocks { store(load(source + block &* blockStride), target + block &* count &* 16) }
                }
                multiply(
                    0..<count, UnsafePointer(gathered), stride: count &* 16, round, piece, point: point, ahead.share(point, of: points))
            }
        }
    }

    /// The filters of some pictures are mixed together for the whole piece, so that each stored kernel is read once for all of them; of a lone one, a block
    /// of channels at a time, which stays in the first-level cache until it is transformed.
    private func multiplyMixed(_ round: WinogradRound, _ piece: Range<Int>, _ step: DynamicProduct, _ sources: DynamicProduct.Sources) {
        let mixed = scratch + pieces.mixed
        withUnsafeTemporaryAllocation(of: Stretch.self, capacity: Pass.mostPictures) { stretches in
            withUnsafeTemporaryAllocation(of: KernelMixture<Weights>.self, capacity: Pass.mostPictures) { mixtures in
                var count = 0
                for stretch in round {
                    stretches.initializeElement(at: count, to: stretch)
                    mixtures.initializeElement(at: count, to: KernelMixture(step, sources, pass, stretch.picture))
                    count &+= 1
                }
                var first = 0
                while first < count {
                    let group = first..<min(first &+ DynamicProduct.mixedPictures, count)
                    let isTogether = group.count > 1
                    if isTogether {
                        forEachBlock(piece) { channel, length in
                            KernelMixture<Weights>.mix(
                                UnsafeBufferPointer(rebasing: mixtures[group]), chunk(channel, length), panel: panel,
                                to: mixed + mixedBlock(channel, piece), stride: WinogradPieces.mixedPieceCount)
                        }
                    }
                    for index in group {
                        let own = mixed + (isTogether ? (index &- first) &* WinogradPieces.mixedPieceCount : 0)
                        forEachBlock(piece) { channel, length in
                            let filters = own + (isTogether ? mixedBlock(channel, piece) : 0)
                            if !isTogether { mixtures[index].mix(chunk(channel, length), panel: panel, to: filters) }
                            transform(Float32Weights.self, UnsafeRawPointer(filters), channel, length, piece)
                        }
                        // What is mixed next is fetched while this is multiplied: the same panel's next channels.
                        let stretch = stretches[index]
                        let next = 9 &* piece.upperBound..<9 &* (piece.upperBound &+ piece.count)
                        for point in 0..<winograd.points {
                            let ahead = mixtures[index].ahead(next, panel: panel, product: point, of: winograd.points) {
                                $0.share(stretch.row, stretch.tiles.count, of: round.count)
                            }
                            multiply(stretch, round, piece, point: point, ahead)
                        }
                    }
                    first = group.upperBound
                }
            }
        }
    }

    /// Where the filters of one block of the piece's channels are mixed.
    @inline(__always)
    private func mixedBlock(_ channel: Int, _ piece: Range<Int>) -> Int {
        (channel &- piece.lowerBound) / 16 &* WinogradPieces.mixedCount
    }

    /// Transforms one block of the piece's channels.
    @inline(__always)
    private func transform<Source: PanelWeights>(
        _: Source.Type, _ filters: UnsafeRawPointer, _ channel: Int, _ length: Int, _ piece: Range<Int>
    ) {
        WinogradFilters(tile: winograd.tile).transform(
            Source.self, filters, length, width, to: scratch + pieces.transformed + (channel &- piece.lowerBound) &* width,
            stride: filterStride(piece))
    }

    /// One picture's sums over the piece's channels at one point.
    @inline(__always)
    private func multiply(_ stretch: Stretch, _ round: WinogradRound, _ piece: Range<Int>, point: Int, _ ahead: Ahead?) {
        let tiles = transformedTiles(stretch.picture, stretch.tiles.lowerBound, piece.lowerBound) + point &* winograd.tileStride
        let rows = stretch.row..<stretch.row &+ stretch.tiles.count
        multiply(rows, tiles, stride: winograd.tileBlockCount, round, piece, point: point, ahead)
    }

    /// - Parameter tiles: the rows' of one point, [block of channels, row, 16]; `stride` numbers from one block to the next
    @inline(__always)
    private func multiply(
        _ rows: Range<Int>, _ tiles: UnsafePointer<Float>, stride: Int, _ round: WinogradRound, _ piece: Range<Int>, point: Int,
        _ ahead: Ahead?
    ) {
        let (segments, length) = piece.count < 16 ? (1, piece.count) : (piece.count / 16, 16)
        Tile<Float32Weights>.multiply(
            rows.count, TileRows(start: tiles, stride: stride, segments: segments, length: length, isFar: !isScattered(round)),
            UnsafeRawPointer(scratch + pieces.transformed + point &* filterStride(piece)), width: width,
            TileTarget(
                start: scratch + pieces.products + point &* productStride(round) + rows.lowerBound &* 16, stride: round.count &* 16,
                adds: piece.lowerBound > 0),
            ahead: ahead)
    }

    /// Transforms one block of outputs of a stretch back.
    func restore(_ stretch: Stretch, _ round: WinogradRound, block: Int, to map: UnsafeMutablePointer<Float>) {
        WinogradTiles(winograd, scratch).transformOutput(
            UnsafePointer(scratch + pieces.products + (block &* round.count &+ stretch.row) &* 16), stride: productStride(round),
            stretch.tiles, to: map)
    }

    /// A picture's transformed tiles of one block of channels, from `tile` on: [point, tile, 16].
    @inline(__always)
    func transformedTiles(_ picture: Int, _ tile: Int, _ channel: Int) -> UnsafePointer<Float> {
        UnsafePointer(pass.arena(picture)) + shared + (channel / 16 &* winograd.tileBlockCount &+ tile &* 16)
    }

    /// The depth of one block of channels.
    @inline(__always)
    func chunk(_ channel: Int, _ length: Int) -> Chunk {
        Chunk(segment: channel / 16 &* 9, segments: 9, length: length, depth: channel &* 9)
    }

    /// Runs `body` for every block of the piece's channels.
    @inline(__always)
    func forEachBlock(_ piece: Range<Int>, _ body: (_ channel: Int, _ length: Int) -> Void) {
        var channel = piece.lowerBound
        while channel < piece.upperBound {
            let length = min(16, piece.upperBound &- channel)
            body(channel, length)
            channel &+= length
        }
    }

    func productStride(_ round: WinogradRound) -> Int { WinogradConvolution.pointStride(2 &* round.count) }

    private func filterStride(_ piece: Range<Int>) -> Int { WinogradConvolution.pointStride(piece.count &* width / 16) }
}
