import FoveaCompute

/// Dynamic convolutions by Winograd, of small maps: a panel's weights are mixed, transformed and multiplied piece by piece in cache.
enum StreamedWinogradKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int,
        shared: Int, then operations: [MapOperation]
    ) {
        let area = winograd.geometry.outputArea
        pass.lane.forEach(step.panelBlocks) { block, scratch in
            let range = step.panels(of: block)
            stream(step, winograd, pass, x, sources, shared: shared, range, scratch)
            let blocks = range.lowerBound &* 2..<min(range.upperBound &* 2, winograd.outputBlocks)
            for picture in 0..<pass.count {
                let products = pass.arena(picture) + shared
                let output = pass.arena(picture) + y
                for block in blocks {
                    WinogradTiles(winograd, scratch).transformOutput(
                        UnsafePointer(products) + block &* winograd.tiles &* 16, stride: winograd.outputBlocks &* winograd.tiles &* 16,
                        0..<winograd.tiles, to: output + block &* area &* 16)
                }
                operations.apply(pass, picture, output, blocks: blocks, 0..<area, area)
            }
        }
    }

    /// The products of some panels at every point, of all pictures.
    private static func stream(
        _ step: DynamicProduct, _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, shared: Int,
        _ range: Range<Int>, _ scratch: UnsafeMutablePointer<Float>
    ) {
        let (panels, pieces) = (winograd.panels, WinogradPieces(winograd))
        let channels = winograd.geometry.inputChannels
        let (tiles, mixed, transformed) = (scratch + pieces.tiles, scratch + pieces.mixed, scratch + pieces.transformed)
        let filters = WinogradFilters(tile: winograd.tile, half: scratch + WinogradConvolution.patchCount)
        var first = 0
        while first < channels {
            let last = min(first &+ WinogradPieces.channels, channels)
            let depth = last &- first
            for picture in 0..<pass.count {
                let mixture = KernelMixture<Weights>(step, sources, pass, picture)
                let gates = step.inputGates(sources).map { pass.read($0, picture) }
                transformInput(winograd, pieces, pass.read(x, picture), gates: gates, first..<last, to: tiles, scratch)
                for panel in range {
                    let width = panels.width(panel)
                    var channel = first
                    while channel < last {
                        let length = min(16, last &- channel)
                        let chunk = Chunk(segment: channel / 16 &* 9, segments: 9, length: length, depth: channel &* 9)
                        mixture.mix(chunk, panel: panel, to: mixed)
                        filters.transform(
                            UnsafePointer(mixed), length, width, to: transformed + (channel &- first) &* width, stride: depth &* width)
                        channel &+= length
                    }
                    // What is mixed next is fetched while this is multiplied: the same panel's next channels.
                    let ahead = mixture.stored(9 &* depth, from: 9 &* last, panel: panel)?.share(picture, of: pass.count)
                    let products = pass.arena(picture) + shared + panel &* 2 &* winograd.tiles &* 16
                    for point in 0..<winograd.points {
                        multiply(
                            winograd, UnsafePointer(tiles) + point &* 2 &* winograd.tiles &* 16, depth,
                            transformed + point &* depth &* width,
                            width, to: products + point &* winograd.outputBlocks &* winograd.tiles &* 16, adds: first > 0,
                            ahead?.share(point, of: winograd.points))
                    }
                }
            }
            first = last
        }
    }

    /// Transforms the tiles of some channels of one picture, scaled by their gates.
    private static func transformInput(
        _ winograd: WinogradConvolution, _ pieces: WinogradPieces, _ x: UnsafePointer<Float>, gates: UnsafePointer<Float>?,
        _ channels: Range<Int>, to target: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) {
        let area = winograd.geometry.inputArea
        let tiles = WinogradTiles(winograd, scratch)
        for block in channels.lowerBound / 16..<(channels.upperBound &+ 15) / 16 {
            var map = x + block &* area &* 16
            if let gates {
                let (gate, scaled) = (load(gates + block &* 16), scratch + pieces.map)
                for position in 0..<area { store(load(map + position &* 16) * gate, scaled + position &* 16) }
                map = UnsafePointer(scaled)
            }
            tiles.transformInput(
                map, 0..<winograd.tiles, to: target + (block &- channels.lowerBound / 16) &* winograd.tiles &* 16,
                stride: 2 &* winograd.tiles &* 16)
        }
    }

    /// Sums over some channels: whole blocks of 16, then what is left of one.
    @inline(__always)
    private static func multiply(
        _ winograd: WinogradConvolution, _ tiles: UnsafePointer<Float>, _ depth: Int, _ weights: UnsafeMutablePointer<Float>, _ width: Int,
        to target: UnsafeMutablePointer<Float>, adds: Bool, _ ahead: Tile<Float32Weights>.Ahead?
    ) {
        let stride = winograd.tiles &* 16
        let (whole, rest) = depth.quotientAndRemainder(dividingBy: 16)
        var result = Tile<Float32Weights>.Target(start: target, stride: stride, adds: adds)
        if whole > 0 {
            let rows = Tile<Float32Weights>.Rows(start: tiles, stride: stride, segments: whole, length: 16)
            Tile<Float32Weights>.multiply(winograd.tiles, rows, UnsafeRawPointer(weights), width: width, result, ahead: ahead)
            result.adds = true
        }
        if rest > 0 {
            let rows = Tile<Float32Weights>.Rows(start: tiles + whole &* stride, stride: stride, segments: 1, length: rest)
            Tile<Float32Weights>.multiply(
                winograd.tiles, rows, UnsafeRawPointer(weights + whole &* 16 &* width), width: width, result)
        }
    }
}
