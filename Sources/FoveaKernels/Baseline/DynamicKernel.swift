import FoveaCompute

/// Convolutions whose weights are made for each picture.
enum DynamicKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        switch step.method {
        case .streamed: stream(step, pass, x, sources, to: y, shared: shared, operations)
        case .streamedWinograd(let winograd):
            StreamedWinogradKernel<Weights>.run(step, winograd, pass, x, sources, to: y, shared: shared, then: operations)
        case .written:
            write(step, pass, sources, to: shared)
            ProductKernel<Float32Weights>.run(
                step.product, pass, x, .arena(shared), to: y, shared: shared + step.writtenCount, then: operations)
        case .winograd(let winograd):
            writeTransformed(step, winograd, pass, sources, to: shared)
            WinogradKernel.run(
                winograd, pass, x, .arena(shared), to: y, shared: shared + step.writtenCount, then: operations)
        }
    }

    /// Each block of work mixes a panel for every picture, a chunk of the depth at a time, while the stored kernels are in cache.
    private static func stream(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        _ operations: [MapOperation]
    ) {
        let (product, panels) = (step.product, step.product.panels)
        let inputs = StreamedWindows(product, pass, x, shared: shared)
        pass.lane.forEach(panels.number) { panel, scratch in
            let width = panels.width(panel)
            product.forEachChunk { chunk in
                // What the next chunk mixes is fetched while this one is multiplied.
                let bytes = width &* step.kernelCount &* Weights.size
                let place = (panels.start(panel) &+ (chunk.depth &+ chunk.count) &* width) &* step.kernelCount &* Weights.size
                for picture in 0..<pass.count {
                    KernelMixture<Weights>(step, sources, pass, picture).mix(chunk, panel: panel, to: scratch)
                    var ahead: Tile<Float32Weights>.Ahead?
                    if picture == 0, let kernels = sources.kernels {
                        ahead = Tile<Float32Weights>.Ahead(
                            start: UnsafeRawPointer(pass.read(kernels, 0)) + place, lines: (bytes &+ 63) / 64)
                    }
                    inputs.multiply(chunk, panel: panel, UnsafeRawPointer(scratch), of: picture, to: y, ahead: ahead)
                }
            }
            inputs.finish(panel: panel, at: y, operations)
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
            let mixture = KernelMixture<Weights>(step, sources, pass, picture)
            let (width, length) = (panels.width(panel), min(16, panels.depth &- inputBlock &* 16))
            let chunk = Chunk(segment: inputBlock &* 9, segments: 9, length: length, depth: inputBlock &* 16 &* 9)
            mixture.mix(chunk, panel: panel, to: scratch)
            let target = pass.arena(picture) + shared + panels.start(panel) + inputBlock &* 16 &* width
            WinogradFilters(tile: winograd.tile, half: scratch + 9 &* 16 &* 32).transform(
                UnsafePointer(scratch), length, width, to: target, stride: panels.count)
        }
    }
}
