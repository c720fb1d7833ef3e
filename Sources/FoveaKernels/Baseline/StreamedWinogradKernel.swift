import FoveaCompute

/// Dynamic convolutions by Winograd, of small maps: a panel's weights are mixed, transformed and multiplied piece by piece in cache.
enum StreamedWinogradKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ winograd: WinogradConvolution, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int,
        shared: Int, then operations: [MapOperation]
    ) {
        WinogradKernel.transformAll(winograd, pass, x, to: shared)
        let area = winograd.geometry.outputArea
        pass.lane.forEach(winograd.panels.number) { panel, scratch in
            stream(step, winograd, pass, sources, shared: shared, panel: panel, scratch)
            let blocks = panel &* 2..<min((panel &+ 1) &* 2, winograd.outputBlocks)
            for picture in 0..<pass.count {
                let products = pass.arena(picture) + shared + winograd.points &* winograd.inputBlocks &* winograd.tiles &* 16
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

    /// The products of one panel at every point, of all pictures.
    private static func stream(
        _ step: DynamicProduct, _ winograd: WinogradConvolution, _ pass: Pass, _ sources: DynamicProduct.Sources, shared: Int, panel: Int,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let (panels, width) = (winograd.panels, winograd.panels.width(panel))
        let channels = winograd.geometry.inputChannels
        let mixed = scratch + WinogradConvolution.patchCount
        let half = mixed + 9 &* DynamicProduct.channelsPerPiece &* Panels.width
        let transformed = half + 18 &* 16
        let filters = WinogradFilters(tile: winograd.tile, half: half)
        var first = 0
        while first < channels {
            let last = min(first &+ DynamicProduct.channelsPerPiece, channels)
            let depth = last &- first
            // What the next piece mixes is fetched while this one is multiplied.
            let bytes = 9 &* depth &* width &* step.kernelCount &* Weights.size
            let next = (panels.start(panel) &* 9 &+ last &* 9 &* width) &* step.kernelCount &* Weights.size
            let lines = (bytes / 64 &+ winograd.points &* depth &- 1) / (winograd.points &* depth)
            for picture in 0..<pass.count {
                let mixture = KernelMixture<Weights>(step, sources, pass, picture)
                var channel = first
                while channel < last {
                    let length = min(16, last &- channel)
                    let chunk = Chunk(segment: channel / 16 &* 9, segments: 9, length: length, depth: channel &* 9)
                    mixture.mix(chunk, panel: panel, to: mixed)
                    filters.transform(
                        UnsafePointer(mixed), length, width, to: transformed + (channel &- first) &* width, stride: depth &* width)
                    channel &+= length
                }
                let memory = pass.arena(picture) + shared
                let products = memory + winograd.points &* winograd.inputBlocks &* winograd.tiles &* 16
                let kernels = picture == 0 ? sources.kernels.map { UnsafeRawPointer(pass.read($0, 0)) + next } : nil
                for point in 0..<winograd.points {
                    let ahead = kernels.map {
                        Tile<Float32Weights>.Ahead(start: $0 + point &* depth &* lines &* 64, lines: lines)
                    }
                    multiply(
                        winograd, UnsafePointer(memory) + (point &* winograd.inputBlocks &+ first / 16) &* winograd.tiles &* 16, depth,
                        transformed + point &* depth &* width, width,
                        to: products + (point &* winograd.outputBlocks &+ panel &* 2) &* winograd.tiles &* 16, adds: first > 0, ahead)
                }
            }
            first = last
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
