import FoveaCompute

/// All windows of small maps, gathered once before panels of weights are streamed past them.
struct StreamedWindows<Weights: PanelWeights> {
    private let step: ProductConvolution
    private let pass: Pass
    private let x: Place
    private let shared: Int
    private let area: Int

    /// Gathers the windows into each picture's shared memory, unless the map's own blocks are the windows.
    init(_ step: ProductConvolution, _ pass: Pass, _ x: Place, shared: Int) {
        self.step = step
        self.pass = pass
        self.x = x
        self.shared = shared
        area = step.geometry.outputArea
        guard !step.isDirect else { return }
        let (segments, area) = (step.segmentCount, area)
        pass.forEach(blocks: (segments + 31) / 32) { picture, block, _ in
            let range = block &* 32..<min((block &+ 1) &* 32, segments)
            let windows = Windows(step, pass.read(x, picture), 0..<area)
            windows.gather(range, to: pass.arena(picture) + shared + range.lowerBound &* area &* 16)
        }
    }

    /// Multiplies a chunk of one picture's windows by a panel's weights.
    @inline(__always)
    func multiply(_ chunk: Chunk, panel: Int, _ weights: UnsafeRawPointer, of picture: Int, to y: Int, ahead: Ahead?) {
        let rows: TileRows
        if step.isDirect {
            rows = Windows(step, pass.read(x, picture), 0..<area).mapped(chunk)
        } else {
            let start = pass.arena(picture) + shared + chunk.segment &* area &* 16
            rows = TileRows(start: UnsafePointer(start), stride: area &* 16, segments: chunk.segments, length: chunk.length)
        }
        let target = TileTarget(
            start: pass.arena(picture) + y + panel &* 2 &* area &* 16, stride: area &* 16, adds: chunk.depth > 0)
        Tile<Weights>.multiply(area, rows, weights, width: step.panels.width(panel), target, ahead: ahead)
    }

    /// Applies the operations to a panel's outputs of all pictures.
    @inline(__always)
    func finish(panel: Int, at y: Int, _ operations: [MapOperation]) {
        let blocks = panel &* 2..<min((panel &+ 1) &* 2, step.panels.stored / 16)
        for picture in 0..<pass.count {
            operations.apply(pass, picture, pass.arena(picture) + y, blocks: blocks, 0..<area, area)
        }
    }
}
