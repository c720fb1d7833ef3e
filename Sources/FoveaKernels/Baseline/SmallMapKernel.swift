import FoveaCompute

/// Convolutions of a 4×4 map by kernels that are made for each picture: a panel's kernels are mixed a block of channels at a time and multiplied at once,
/// while they are in cache.
///
/// Winograd would transform each picture's kernels for a single tile, with as many operations as it saves products: of 144 products 44 meet the padding.
enum SmallMapKernel<Weights: PanelWeights> {
    static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        let geometry = step.product.geometry
        let gates = step.inputGates(sources)
        if let gates { scale(geometry, pass, x, by: gates, to: shared) }
        let map = gates == nil ? x : .arena(shared)
        pass.lane.forEach(step.product.panels.number) { panel, scratch in
            let (sums, mixed) = (scratch, scratch + DynamicProduct.smallMapSums)
            sum(step, pass, map, sources, panel: panel, to: sums, mixed: mixed)
            let blocks = panel &* 2..<min(panel &* 2 &+ 2, Blocked.blocks(geometry.outputChannels))
            for picture in 0..<pass.count {
                let output = pass.arena(picture) + y
                let source = sums + picture &* 2 &* SmallMapSums.count
                (output + blocks.lowerBound &* SmallMapSums.count).update(from: source, count: blocks.count &* SmallMapSums.count)
                operations.apply(pass, picture, output, blocks: blocks, 0..<geometry.outputArea, geometry.outputArea)
            }
        }
    }

    /// How much of what is mixed next is asked for while a lone picture's kernels are mixed: its products are over before memory could bring it all. In
    /// AVX-512 asking takes as long as it saves.
    private static var earlyQuarters: Int {
        #if FOVEA_AVX512
        0
        #else
        1
        #endif
    }

    private static func scale(_ geometry: ConvolutionGeometry, _ pass: Pass, _ x: Place, by gates: Place, to shared: Int) {
        let area = geometry.inputArea
        pass.forEach(blocks: Blocked.blocks(geometry.inputChannels)) { picture, block, _ in
            let place = block &* area &* 16
            let gate = load(pass.read(gates, picture) + block &* 16)
            scalePositions(pass.read(x, picture) + place, by: gate, area, to: pass.arena(picture) + (shared &+ place))
        }
    }

    /// One panel's outputs of all pictures, [picture, block of outputs, position, 16].
    private static func sum(
        _ step: DynamicProduct, _ pass: Pass, _ map: Place, _ sources: DynamicProduct.Sources, panel: Int,
        to sums: UnsafeMutablePointer<Float>, mixed: UnsafeMutablePointer<Float>
    ) {
        let (channels, width) = (step.product.geometry.inputChannels, step.product.panels.width(panel))
        KernelMixture<Weights>.withMixtures(step, sources, pass, 0..<pass.count) { mixtures in
            for block in 0..<Blocked.blocks(channels) {
                let length = min(16, channels &- block &* 16)
                let chunk = Chunk(segment: block &* 9, segments: 9, length: length, depth: block &* 144)
                // What is mixed next is fetched while this is multiplied.
                let next = mixtures[0].stored(chunk.count, from: chunk.depth &+ chunk.count, panel: panel)
                let early = mixtures.count == 1 ? next?.share(0, earlyQuarters, of: 4) : nil
                let ahead = early == nil ? next : next?.share(earlyQuarters, 4 &- earlyQuarters, of: 4)
                KernelMixture<Weights>.mix(
                    mixtures, chunk, panel: panel, to: mixed, stride: WinogradPieces.mixedCount, ahead: early
                ) { index, filters in
                    SmallMapSums(
                        filters: filters, length: length, width: width, map: pass.read(map, index) + block &* SmallMapSums.count,
                        sums: sums + index &* 2 &* SmallMapSums.count, adds: block > 0
                    ).run(ahead: ahead?.share(index, of: mixtures.count))
                }
            }
        }
    }
}
