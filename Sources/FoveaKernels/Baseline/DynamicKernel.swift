import FoveaCompute

/// Convolutions whose weights are made for each picture.
enum DynamicKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        switch step.method {
        case .streamed: stream(step, pass, x, sources, to: y, shared: shared, operations)
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
            for lane in 0..<length {
                for column in 0..<width / 16 {
                    transformFilter(
                        UnsafePointer(scratch) + lane &* width + column &* 16, length &* width, target + lane &* width + column &* 16,
                        panels.count, half: scratch + 9 &* 16 &* 32)
                }
            }
        }
    }

    /// U = G g Gᵀ of sixteen filters at once.
    ///
    /// - Parameter g: nine taps, `line` numbers from one to the next
    /// - Parameter half: room for 18 vectors
    @inline(__always)
    private static func transformFilter(
        _ g: UnsafePointer<Float>, _ line: Int, _ u: UnsafeMutablePointer<Float>, _ stride: Int, half: UnsafeMutablePointer<Float>
    ) {
        for x in 0..<3 {
            let p = g + x &* line
            let t = WinogradTransform4.filter(load(p), load(p + 3 &* line), load(p + 6 &* line))
            let q = half + x &* 16
            store(t.0, q)
            store(t.1, q + 48)
            store(t.2, q + 96)
            store(t.3, q + 144)
            store(t.4, q + 192)
            store(t.5, q + 240)
        }
        for i in 0..<6 {
            let q = half + i &* 48
            let t = WinogradTransform4.filter(load(q), load(q + 16), load(q + 32))
            let p = u + 6 &* i &* stride
            store(t.0, p)
            store(t.1, p + stride)
            store(t.2, p + 2 &* stride)
            store(t.3, p + 3 &* stride)
            store(t.4, p + 4 &* stride)
            store(t.5, p + 5 &* stride)
        }
    }
}
