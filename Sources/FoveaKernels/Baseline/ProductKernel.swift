import FoveaCompute

/// Implicit matrix products.
enum ProductKernel<Weights: PanelWeights> {
    static func run(
        _ step: ProductConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        if step.streamsPanels {
            streamPanels(step, pass, x, weight, to: y, shared: shared, operations)
        } else {
            // Weights that are not streamed are float32.
            ProductKernel<Float32Weights>.runPositions(step, pass, x, weight, to: y, shared: shared, operations)
        }
    }

    /// Each block of work gathers the windows of some positions and multiplies them by some panels.
    fileprivate static func runPositions(
        _ step: ProductConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, _ operations: [MapOperation]
    ) {
        let geometry = step.geometry
        if step.isPadded { PaddedWindows.layOut(step, pass, x, to: shared) }
        let (area, panels) = (geometry.outputArea, step.panels)
        let inputBlocks = Blocked.blocks(geometry.inputsPerGroup)
        let outputBlocks = Blocked.blocks(geometry.outputsPerGroup)
        let parts = geometry.groups * step.panelBlocks
        let perBlock = step.positions(
            inBlocks: parts % pass.lane.threads == 0 ? step.positionBlocks : pass.blocks(atLeast: step.positionBlocks))
        let positionBlocks = (area + perBlock - 1) / perBlock
        pass.forEach(blocks: parts * positionBlocks) { picture, block, scratch in
            // Neighbouring blocks of work share their panels.
            let (part, positionBlock) = block.quotientAndRemainder(dividingBy: positionBlocks)
            let (group, panelBlock) = part.quotientAndRemainder(dividingBy: step.panelBlocks)
            let positions = positionBlock &* perBlock..<min((positionBlock &+ 1) &* perBlock, area)
            let panelRange = panelBlock &* step.panelsPerBlock..<min((panelBlock &+ 1) &* step.panelsPerBlock, panels.number)

            let input = pass.read(x, picture) + group &* inputBlocks &* geometry.inputArea &* 16
            let weights = UnsafeRawPointer(pass.read(weight, picture)) + group &* panels.count &* Weights.size
            let output = pass.arena(picture) + y
            let first = output + (group &* outputBlocks &* area &+ positions.lowerBound) &* 16
            func forEachPanel(_ chunk: Chunk, _ body: (_ weights: UnsafeRawPointer, _ width: Int, _ target: TileTarget) -> Void) {
                for panel in panelRange {
                    let width = panels.width(panel)
                    body(
                        weights + (panels.start(panel) &+ chunk.depth &* width) &* Weights.size, width,
                        TileTarget(start: first + panel &* 2 &* area &* 16, stride: area &* 16, adds: chunk.depth > 0))
                }
            }
            if step.isPadded {
                let map = UnsafePointer(pass.arena(picture)) + shared + group &* inputBlocks &* step.padded.area &* 16
                let windows = PaddedWindows(step, scratch)
                let width = geometry.window.output.width
                let lines = positions.lowerBound / width..<positions.upperBound / width
                step.forEachChunk { chunk in
                    forEachPanel(chunk) { windows.multiply(map, chunk, lines, $0, width: $1, $2) }
                }
            } else {
                let windows = Windows(step, input, positions)
                step.forEachChunk { chunk in
                    let rows = windows.rows(chunk, scratch)
                    forEachPanel(chunk) { Tile<Weights>.multiply(positions.count, rows, $0, width: $1, $2) }
                }
            }
            let blocks = panelRange.lowerBound &* 2..<min(panelRange.upperBound &* 2, outputBlocks)
            operations.apply(
                pass, picture, output, blocks: group &* outputBlocks &+ blocks.lowerBound..<group &* outputBlocks &+ blocks.upperBound,
                positions, area)
        }
    }

    /// All windows are gathered, then each block of work streams some panels for all pictures.
    private static func streamPanels(
        _ step: ProductConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, _ operations: [MapOperation]
    ) {
        let panels = step.panels
        let inputs = StreamedWindows<Weights>(step, pass, x, shared: shared)
        pass.lane.forEachRange(of: panels.number, by: pass.count > 1 ? step.panelsPerBatch : 1) { range, _ in
            step.forEachChunk { chunk in
                for picture in 0..<pass.count {
                    let weights = UnsafeRawPointer(pass.read(weight, picture))
                    for panel in range {
                        let width = panels.width(panel)
                        let start = weights + (panels.start(panel) &+ chunk.depth &* width) &* Weights.size
                        let bytes = chunk.count &* width &* Weights.size
                        inputs.multiply(
                            chunk, panel: panel, start, of: picture, to: y,
                            ahead: Ahead(start: start + bytes, bytes: bytes).share(picture, of: pass.count))
                    }
                }
            }
            for panel in range { inputs.finish(panel: panel, at: y, operations) }
        }
    }
}
