import FoveaCompute

/// One block of work of `StridedWinogradKernel`: a panel's filters, taken piece by piece through the input channels, times the tiles of a round.
struct StridedPanel<Weights: PanelWeights> {
    /// Some blocks of input channels of one length, at most `PhasePieces.blocks`.
    struct Piece {
        var block: Int
        var blocks: Int
        /// Channels of each.
        var length: Int

        var channels: Int { blocks &* length }
    }

    let winograd: WinogradConvolution
    let pieces: PhasePieces
    let pass: Pass
    let round: WinogradRound
    let panel: Int
    let width: Int
    let tiles: StridedTiles
    let scratch: UnsafeMutablePointer<Float>
    /// Numbers from one point's products to the next point's.
    let productStride: Int
    /// What is asked for often, and would be a call each time.
    let (filterStride, transformed, products, isTogether, tilesOfPicture): (Int, Int, Int, Bool, Int)
    private let source: WinogradFilterSource

    init(
        _ winograd: WinogradConvolution, _ pieces: PhasePieces, _ pass: Pass, _ source: WinogradFilterSource, _ panel: Int,
        _ rows: Range<Int>,
        shared: Int, _ scratch: UnsafeMutablePointer<Float>
    ) {
        self.winograd = winograd
        self.pieces = pieces
        self.pass = pass
        self.source = source
        self.panel = panel
        self.scratch = scratch
        round = WinogradRound(tiles: winograd.tiles, rows: rows)
        width = winograd.panels.width(panel)
        tiles = StridedTiles(winograd, pieces, pass, shared: shared)
        filterStride = PhasePieces.filterStride
        (transformed, products) = (pieces.transformed, pieces.products)
        (isTogether, tilesOfPicture) = (pieces.isTogether, winograd.tiles)
        productStride = WinogradConvolution.pointStride(2 &* rows.count)
    }

    /// The round's products, [point, block of outputs, row, 16], summed piece by piece. What is left of a block of channels is a piece of its
    /// own.
    func multiply() {
        switch source {
        case .stored(let place):
            let start = UnsafeRawPointer(pass.read(place, 0)) + winograd.filters.start(panel) &* Weights.size
            forEachPiece { piece in
                let bytes = 9 &* width &* Weights.size
                let filters = start + piece.block &* 16 &* bytes
                let size = piece.channels &* bytes
                multiply(piece, Weights.self, filters, 0..<round.count, Ahead(start: filters + size, bytes: size))
            }
        case .mixed(let step, let sources): multiplyMixed(step, sources)
        }
    }

    /// Filters of some pictures are mixed together, so that each stored kernel is read once for all of them.
    private func multiplyMixed(_ step: DynamicProduct, _ sources: DynamicProduct.Sources) {
        let mixed = scratch + pieces.mixed
        let pictures = round.reduce(into: 0) { count, _ in count &+= 1 }
        withUnsafeTemporaryAllocation(of: KernelMixture<Weights>.self, capacity: pictures) { mixtures in
            var index = 0
            for stretch in round {
                mixtures.initializeElement(at: index, to: KernelMixture(step, sources, pass, stretch.picture))
                index &+= 1
            }
            forEachPiece { piece in
                let depth = (piece.block &* 16 &+ piece.channels) &* 9
                let ahead = mixtures[0].stored(9 &* piece.channels, from: depth, panel: panel)
                let (first, count) = (piece.block, piece.length &* 9)
                var group = 0..<min(DynamicProduct.mixedPictures, pictures)
                var index = 0
                for stretch in round {
                    if index == group.lowerBound {
                        for block in 0..<piece.blocks {
                            let chunk = Chunk(
                                segment: (first &+ block) &* 9, segments: 9, length: piece.length, depth: first &* 144 &+ block &* count)
                            KernelMixture<Weights>.mix(
                                UnsafeBufferPointer(rebasing: mixtures[group]), chunk, panel: panel, to: mixed + block &* count &* width,
                                stride: PhasePieces.mixedCount)
                        }
                    }
                    multiply(
                        piece, Float32Weights.self, UnsafeRawPointer(mixed + (index &- group.lowerBound) &* PhasePieces.mixedCount),
                        stretch.row..<stretch.row &+ stretch.tiles.count, ahead?.share(index, of: pictures))
                    index &+= 1
                    if index == group.upperBound { group = index..<min(index &+ DynamicProduct.mixedPictures, pictures) }
                }
            }
        }
    }

    /// Neighbouring rows of tiles that lie one behind the other.
    struct Run {
        let start: UnsafePointer<Float>
        let row: Int
        let count: Int
    }

    /// Multiplies some rows by a piece's filters.
    private func multiply<Source: PanelWeights>(
        _ piece: Piece, _: Source.Type, _ filters: UnsafeRawPointer, _ rows: Range<Int>, _ ahead: Ahead?
    ) {
        let filters = PhaseFilters<Source>(filters: filters, blocks: piece.blocks, length: piece.length, width: width, stride: filterStride)
        let columns = min(PhaseFilters<Source>.columns, width)
        let even = scratch + transformed
        let odd = 6 &* filterStride
        // All points but those at infinity have the same phases, and their filters lie alike.
        withRuns(piece, rows) { runs in
            withUnsafeTemporaryAllocation(of: PhaseRows.Segment.self, capacity: 10 &* Self.mostSegments) { places in
                guard let places = places.baseAddress else { return }
                for point in 0..<5 {
                    fill(places + point &* Self.mostSegments, piece, columns, point, odd: odd)
                    fill(places + (point &+ 5) &* Self.mostSegments, piece, columns, point, odd: nil)
                }
                var column = 0
                while column < width {
                    let ahead = ahead?.share(column / columns, of: width / columns)
                    filters.transformOdd(column, columns, to: even + odd)
                    for row in 0..<5 {
                        filters.transform(row: row, column, columns, to: even)
                        for point in 0..<5 {
                            let list = (row < 4 ? point : point &+ 5) &* Self.mostSegments
                            let segments = piece.blocks &* (row < 4 ? 2 : 1) &* (point < 4 ? 2 : 1)
                            multiply(
                                piece, 5 &* row &+ point, UnsafePointer(places + list), segments, UnsafeRawPointer(even), column, columns,
                                runs,
                                ahead?.share(5 &* row &+ point, of: 25), rows.count)
                        }
                    }
                    column &+= columns
                }
            }
        }
    }

    private static var mostSegments: Int { 4 &* PhasePieces.blocks }

    /// Fills in a point's segments: of each block of channels its even columns, its odd ones unless it is at infinity, and likewise of the odd rows.
    ///
    /// - Parameter odd: where the odd rows' filters lie, unless the row is at infinity
    @inline(__always)
    private func fill(_ places: UnsafeMutablePointer<PhaseRows.Segment>, _ piece: Piece, _ columns: Int, _ point: Int, odd: Int?) {
        var place = places
        for block in 0..<piece.blocks {
            let (tile, filter) = (block &* tiles.strides.block, block &* piece.length &* columns)
            let phase = tiles.strides.phase
            func add(_ phases: Int, _ number: Int, _ start: Int) {
                place.initialize(
                    to: PhaseRows.Segment(
                        tiles: Int32(truncatingIfNeeded: tile &+ phases &* phase),
                        filters: Int32(truncatingIfNeeded: start &+ number &* filterStride &+ filter)))
                place += 1
            }
            add(0, point, 0)
            if point < 4 { add(1, 5, 0) }
            if let odd {
                add(2, point, odd)
                if point < 4 { add(3, 5, odd) }
            }
        }
    }

    /// The same at one point.
    @inline(__always)
    private func multiply(
        _ piece: Piece, _ point: Int, _ places: UnsafePointer<PhaseRows.Segment>, _ segments: Int, _ filters: UnsafeRawPointer,
        _ column: Int,
        _ columns: Int, _ runs: UnsafeBufferPointer<Run>, _ ahead: Ahead?, _ count: Int
    ) {
        let products = scratch + (self.products &+ point &* productStride &+ column &* round.count)
        let first = runs[0].row
        for run in runs {
            let rows = PhaseRows(start: run.start + point &* tiles.strides.point, places: places, segments: segments, length: piece.length)
            let target = TileTarget(start: products + run.row &* 16, stride: round.count &* 16, adds: piece.block > 0)
            Tile<Float32Weights>.multiply(
                run.count, rows, filters, width: columns, target, ahead: ahead?.share(run.row &- first, run.count, of: count))
        }
    }

    /// Finds where some rows of the piece lie.
    private func withRuns(_ piece: Piece, _ rows: Range<Int>, _ body: (UnsafeBufferPointer<Run>) -> Void) {
        withUnsafeTemporaryAllocation(of: Run.self, capacity: Pass.mostPictures) { runs in
            var (row, count) = (rows.lowerBound, 0)
            while row < rows.upperBound {
                let (picture, tile) = round.place(row)
                let length = isTogether ? rows.count : min(tilesOfPicture &- tile, rows.upperBound &- row)
                let start = UnsafePointer(tiles.start(picture, block: piece.block) + tile &* 16)
                runs.initializeElement(at: count, to: Run(start: start, row: row, count: length))
                row &+= length
                count &+= 1
            }
            body(UnsafeBufferPointer(rebasing: runs[..<count]))
        }
    }

    /// Transforms one block of outputs of a stretch back.
    func restore(_ stretch: WinogradRound.Stretch, block: Int, to map: UnsafeMutablePointer<Float>) {
        WinogradTiles(winograd, scratch).transformOutput(
            UnsafePointer(scratch + (pieces.products &+ (block &* round.count &+ stretch.row) &* 16)), stride: productStride,
            stretch.tiles, to: map)
    }

    private func forEachPiece(_ body: (Piece) -> Void) {
        let (whole, rest) = winograd.geometry.inputChannels.quotientAndRemainder(dividingBy: 16)
        var block = 0
        while block < whole {
            let blocks = min(PhasePieces.blocks, whole &- block)
            body(Piece(block: block, blocks: blocks, length: 16))
            block &+= blocks
        }
        if rest > 0 { body(Piece(block: whole, blocks: 1, length: rest)) }
    }
}
