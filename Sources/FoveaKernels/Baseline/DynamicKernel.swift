import FoveaCompute

/// Convolutions whose weights are made for each picture.
enum DynamicKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        switch step.method {
        case .streamed: stream(step, pass, x, sources, to: y, operations)
        case .smallMap: SmallMapKernel<Weights>.run(step, pass, x, sources, to: y, shared: shared, then: operations)
        case .streamedWinograd(let winograd):
            StreamedWinogradKernel<Weights>.run(winograd, pass, x, .mixed(step, sources), to: y, shared: shared, then: operations)
        case .written:
            write(step, pass, sources, to: shared)
            ProductKernel<Float32Weights>.run(
                step.product, pass, x, .arena(shared), to: y, shared: shared + step.writtenCount, then: operations)
        case .winograd(let winograd):
            writeTransformed(step, winograd, pass, sources, to: shared)
            guard case .blocks(let tilesPerBlock) = winograd.method else { return }
            WinogradKernel.run(winograd, tilesPerBlock: tilesPerBlock, pass, x, .arena(shared), to: y, then: operations)
        }
    }

    /// Each block of work takes some panels through the depth, a chunk at a time. The chunk's windows are gathered for all pictures; then
    /// each panel's weights are mixed and multiplied, of some pictures at a time, while the stored kernels are in cache.
    private static func stream(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, _ operations: [MapOperation]
    ) {
        let (product, panels, count) = (step.product, step.product.panels, pass.count)
        let area = product.geometry.outputArea
        let windowCount = DynamicProduct.segments &* Blocked.lanes &* area
        let gates = step.inputGates(sources)
        pass.lane.forEach(step.panelBlocks) { block, scratch in
            let range = step.panels(of: block)
            let (rows, mixed) = (scratch + DynamicProduct.mixedPictures &* DynamicProduct.mixedCount, scratch)
            KernelMixture<Weights>.withMixtures(step, sources, pass, 0..<count) { mixtures in
                product.forEachChunk(DynamicProduct.segments) { chunk in
                    for index in 0..<count {
                        Windows(product, pass.read(x, index), 0..<area, gates: gates.map { pass.read($0, index) }).gather(
                            chunk.segment..<chunk.segment &+ chunk.segments, to: rows + index &* windowCount)
                    }
                    for panel in range {
                        // What is mixed next is fetched while this is multiplied.
                        let isLast = panel &+ 1 == range.upperBound
                        let next = isLast ? range.lowerBound : panel &+ 1
                        let depth = isLast ? chunk.depth &+ chunk.count : chunk.depth
                        let ahead: Ahead? = mixtures[0].stored(chunk.count, from: depth, panel: next)
                        KernelMixture<Weights>.mix(mixtures, chunk, panel: panel, to: mixed, stride: DynamicProduct.mixedCount) {
                            index, weights in
                            Tile<Float32Weights>.multiply(
                                area,
                                TileRows(
                                    start: UnsafePointer(rows) + index &* windowCount, stride: area &* 16, segments: chunk.segments,
                                    length: chunk.length),
                                UnsafeRawPointer(weights), width: panels.width(panel),
                                TileTarget(
                                    start: pass.arena(index) + (y &+ panel &* 2 &* area &* 16), stride: area &* 16, adds: chunk.depth > 0),
                                ahead: ahead?.share(index, of: count))
                        }
                    }
                }
            }
            let blocks = range.lowerBound &* 2..<min(range.upperBound &* 2, panels.stored / 16)
            for picture in 0..<count { operations.apply(pass, picture, pass.arena(picture) + y, blocks: blocks, 0..<area, area) }
        }
    }

    /// Writes all weights as stored ones are.
    private static func write(_ step: DynamicProduct, _ pass: Pass, _ sources: DynamicProduct.Sources, to shared: Int) {
        let (product, panels) = (step.product, step.product.panels)
        pass.forEach(blocks: panels.number) { picture, panel, _ in
            let mixture = KernelMixture<Weights>(step, sources, pass, picture)
            let target = pass.arena(picture) + shared + panels.start(panel)
            product.forEachChunk { chunk in
                mixture.mix(chunk, panel: panel, to: target + chunk.depth &* panels.width(panel))
            }
        }
    }

    /// Writes all weights transformed for Winograd: a block of input channels of a panel is one block of work.
    private static func writeTransformed(
        _ step: DynamicProduct, _ winograd: WinogradConvolution, _ pass: Pass, _ sources: DynamicProduct.Sources, to shared: Int
    ) {
        let panels = winograd.panels
        pass.forEach(blocks: panels.number * winograd.inputBlocks) { picture, block, scratch in
            let (panel, inputBlock) = block.quotientAndRemainder(dividingBy: winograd.inputBlocks)
            let (width, length) = (panels.width(panel), min(16, panels.depth &- inputBlock &* 16))
            let chunk = Chunk(segment: inputBlock &* 9, segments: 9, length: length, depth: inputBlock &* 16 &* 9)
            KernelMixture<Weights>(step, sources, pass, picture).mix(chunk, panel: panel, to: scratch)
            let target = pass.arena(picture) + shared + panels.start(panel) + inputBlock &* 16 &* width
            WinogradFilters(tile: winograd.tile).transform(
                Float32Weights.self, UnsafeRawPointer(scratch), length, width, to: target, stride: winograd.filterStride)
        }
    }
}
