import FoveaCompute

/// Winograd's convolutions whose filters are streamed: a panel's filters are read piece by piece, transformed in cache, and multiplied by
/// the tiles of all pictures.
enum StreamedWinogradKernel<Weights: PanelWeights> {
    /// Where the filters come from.
    enum Filters {
        /// The same for all pictures.
        case stored(Place)
        /// Mixed for each picture.
        case mixed(DynamicProduct, DynamicProduct.Sources)
    }

    static func run(
        _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ filters: Filters, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        transformTiles(winograd, pass, x, gates: gates(filters), to: shared)
        let area = winograd.geometry.outputArea
        pass.lane.forEach(winograd.panels.number) { panel, scratch in
            let blocks = panel &* 2..<min(panel &* 2 &+ 2, winograd.outputBlocks)
            let panel = Panel(winograd, pass, filters, panel, shared: shared, scratch)
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

    private static func gates(_ filters: Filters) -> Place? {
        guard case .mixed(let step, let sources) = filters else { return nil }
        return step.inputGates(sources)
    }

    /// Transforms all tiles of all pictures, scaled by their gates, into their shared memory: [point, block of channels, tile, 16].
    private static func transformTiles(_ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, gates: Place?, to shared: Int) {
        let area = winograd.geometry.inputArea
        pass.forEach(blocks: winograd.inputBlocks) { picture, block, scratch in
            var map = pass.read(x, picture) + block &* area &* 16
            if let gates {
                let (gate, scaled) = (load(pass.read(gates, picture) + block &* 16), scratch + WinogradConvolution.patchCount)
                for position in 0..<area { store(load(map + position &* 16) * gate, scaled + position &* 16) }
                map = UnsafePointer(scaled)
            }
            WinogradTiles(winograd, scratch).transformInput(
                map, 0..<winograd.tiles, to: pass.arena(picture) + shared + block &* winograd.tiles &* 16,
                stride: winograd.pointStride(winograd.inputBlocks &* winograd.tiles))
        }
    }

    /// Tiles of one picture, and where their products lie among those of a round.
    private struct Stretch {
        var picture: Int
        var tiles: Range<Int>
        var row: Int
    }

    /// The tiles whose products are held at a time.
    private struct Round: Sequence, IteratorProtocol {
        let tiles: Int
        let first: Int
        let count: Int
        private var row = 0

        init(tiles: Int, rows: Range<Int>) {
            self.tiles = tiles
            first = rows.lowerBound
            count = rows.count
        }

        mutating func next() -> Stretch? {
            guard row < count else { return nil }
            let (picture, tile) = (first &+ row).quotientAndRemainder(dividingBy: tiles)
            let stretch = Stretch(picture: picture, tiles: tile..<Swift.min(tiles, tile &+ count &- row), row: row)
            row &+= stretch.tiles.count
            return stretch
        }
    }

    /// One block of work.
    private struct Panel {
        private let winograd: WinogradConvolution
        private let pass: Pass
        private let filters: Filters
        private let panel: Int
        private let width: Int
        private let shared: Int
        private let pieces: WinogradPieces
        private let scratch: UnsafeMutablePointer<Float>

        init(
            _ winograd: WinogradConvolution, _ pass: Pass, _ filters: Filters, _ panel: Int, shared: Int,
            _ scratch: UnsafeMutablePointer<Float>
        ) {
            self.winograd = winograd
            self.pass = pass
            self.filters = filters
            self.panel = panel
            width = winograd.panels.width(panel)
            self.shared = shared
            switch filters {
            case .stored: pieces = WinogradPieces(winograd, channels: WinogradPieces.storedChannels)
            case .mixed: pieces = WinogradPieces(winograd, channels: WinogradPieces.mixedChannels)
            }
            self.scratch = scratch
        }

        func forEachRound(_ body: (Round) -> Void) {
            let rows = pass.count &* winograd.tiles
            var first = 0
            while first < rows {
                let last = min(first &+ pieces.rows, rows)
                body(Round(tiles: winograd.tiles, rows: first..<last))
                first = last
            }
        }

        /// The round's products, [point, block of outputs, row, 16], summed piece by piece.
        func multiply(_ round: Round) {
            let channels = winograd.geometry.inputChannels
            var first = 0
            while first < channels {
                let piece = first..<min(first &+ pieces.channels, channels)
                switch filters {
                case .stored(let place): multiply(round, piece, UnsafeRawPointer(pass.read(place, 0)))
                case .mixed(let step, let sources): multiply(round, piece, step, sources)
                }
                first = piece.upperBound
            }
        }

        private func multiply(_ round: Round, _ piece: Range<Int>, _ stored: UnsafeRawPointer) {
            let size = width &* Weights.size
            let start = stored + winograd.filters.start(panel) &* Weights.size
            forEachBlock(piece) { channel, length, transform, target in
                transform.transform(Weights.self, start + channel &* 9 &* size, length, width, to: target, stride: filterStride(piece))
            }
            // The next piece's filters are fetched meanwhile.
            let ahead = Tile<Float32Weights>.Ahead(start: start + piece.upperBound &* 9 &* size, bytes: piece.count &* 9 &* size)
            for point in 0..<winograd.points {
                let part = ahead.share(point, of: winograd.points)
                for stretch in round {
                    multiply(stretch, round, piece, point: point, part.share(stretch.row, stretch.tiles.count, of: round.count))
                }
            }
        }

        private func multiply(_ round: Round, _ piece: Range<Int>, _ step: DynamicProduct, _ sources: DynamicProduct.Sources) {
            let mixed = scratch + pieces.mixed
            for stretch in round {
                let mixture = KernelMixture<Weights>(step, sources, pass, stretch.picture)
                forEachBlock(piece) { channel, length, transform, target in
                    mixture.mix(
                        Chunk(segment: channel / 16 &* 9, segments: 9, length: length, depth: channel &* 9), panel: panel, to: mixed)
                    transform.transform(
                        Float32Weights.self, UnsafeRawPointer(mixed), length, width, to: target, stride: filterStride(piece))
                }
                // What is mixed next is fetched while this is multiplied: the same panel's next channels.
                let ahead = mixture.stored(9 &* piece.count, from: 9 &* piece.upperBound, panel: panel)?
                    .share(stretch.row, stretch.tiles.count, of: round.count)
                for point in 0..<winograd.points {
                    multiply(stretch, round, piece, point: point, ahead?.share(point, of: winograd.points))
                }
            }
        }

        private func filterStride(_ piece: Range<Int>) -> Int { winograd.pointStride(piece.count &* width / 16) }
        private func productStride(_ round: Round) -> Int { winograd.pointStride(2 &* round.count) }

        /// Runs `body` for every block of the piece's channels, with where its transformed filters go.
        @inline(__always)
        private func forEachBlock(
            _ piece: Range<Int>, _ body: (_ channel: Int, _ length: Int, WinogradFilters, _ target: UnsafeMutablePointer<Float>) -> Void
        ) {
            let filters = WinogradFilters(tile: winograd.tile)
            var channel = piece.lowerBound
            while channel < piece.upperBound {
                let length = min(16, piece.upperBound &- channel)
                body(channel, length, filters, scratch + pieces.transformed + (channel &- piece.lowerBound) &* width)
                channel &+= length
            }
        }

        /// One picture's sums over the piece's channels at one point: whole blocks of 16, then what is left of one.
        @inline(__always)
        private func multiply(
            _ stretch: Stretch, _ round: Round, _ piece: Range<Int>, point: Int, _ ahead: Tile<Float32Weights>.Ahead?
        ) {
            let stride = winograd.tiles &* 16
            let tiles =
                UnsafePointer(pass.arena(stretch.picture)) + shared
                + point &* winograd.pointStride(winograd.inputBlocks &* winograd.tiles)
                + (piece.lowerBound / 16 &* stride + stretch.tiles.lowerBound &* 16)
            let weights = UnsafeRawPointer(scratch + pieces.transformed + point &* filterStride(piece))
            var target = Tile<Float32Weights>.Target(
                start: scratch + pieces.products + point &* productStride(round) + stretch.row &* 16, stride: round.count &* 16,
                adds: piece.lowerBound > 0)
            let (whole, rest) = piece.count.quotientAndRemainder(dividingBy: 16)
            if whole > 0 {
                let rows = Tile<Float32Weights>.Rows(start: tiles, stride: stride, segments: whole, length: 16)
                Tile<Float32Weights>.multiply(stretch.tiles.count, rows, weights, width: width, target, ahead: ahead)
                target.adds = true
            }
            if rest > 0 {
                let rows = Tile<Float32Weights>.Rows(start: tiles + whole &* stride, stride: stride, segments: 1, length: rest)
                Tile<Float32Weights>.multiply(stretch.tiles.count, rows, weights + whole &* 16 &* width &* 4, width: width, target)
            }
        }

        /// Transforms one block of outputs of a stretch back.
        func restore(_ stretch: Stretch, _ round: Round, block: Int, to map: UnsafeMutablePointer<Float>) {
            WinogradTiles(winograd, scratch).transformOutput(
                UnsafePointer(scratch + pieces.products + (block &* round.count &+ stretch.row) &* 16), stride: productStride(round),
                stretch.tiles, to: map)
        }
    }
}
