import FoveaCompute

/// The first convolution of a network.
enum PictureKernel {
    static func run(
        _ step: PictureConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        layOut(step, pass, x, to: shared)
        let (area, panels) = (step.geometry.outputArea, step.panels)
        pass.forEach(blocks: step.blocks) { picture, block, scratch in
            let positions = block &* step.positions..<min((block &+ 1) &* step.positions, area)
            gather(step, UnsafePointer(pass.arena(picture) + shared), positions, to: scratch)
            let weights = pass.read(weight, picture)
            let output = pass.arena(picture) + y
            let pieceStride = positions.count &* 16
            let whole = step.geometry.window.kernel.height &* step.wholePieces
            for panel in 0..<panels.number {
                let width = panels.width(panel)
                let start = weights + panels.start(panel)
                var target = TileTarget(
                    start: output + (panel &* 2 &* area &+ positions.lowerBound) &* 16, stride: area &* 16, adds: false)
                if whole > 0 {
                    let rows = TileRows(
                        start: UnsafePointer(scratch), stride: pieceStride, segments: whole, length: 16)
                    Tile<Float32Weights>.multiply(positions.count, rows, UnsafeRawPointer(start), width: width, target)
                    target.adds = true
                }
                if step.rest > 0 {
                    let rows = TileRows(
                        start: UnsafePointer(scratch) + whole &* pieceStride, stride: pieceStride, segments: step.pieces &- whole,
                        length: step.rest)
                    Tile<Float32Weights>.multiply(
                        positions.count, rows, UnsafeRawPointer(start + whole &* 16 &* width), width: width, target)
                }
            }
            operations.apply(pass, picture, output, blocks: 0..<panels.stored / 16, positions, area)
        }
    }

    /// Interleaves the channels, with zeros for the padding.
    private static func layOut(_ step: PictureConvolution, _ pass: Pass, _ x: Place, to shared: Int) {
        let (size, padding, channels) = (step.geometry.window.input, step.geometry.window.padding, step.geometry.inputChannels)
        let padded = step.padded
        let rowCount = padded.width &* channels
        let rowsPerBlock = max(1, (1 << 13) / rowCount)
        pass.forEach(blocks: (padded.height + rowsPerBlock - 1) / rowsPerBlock) { picture, block, _ in
            let source = pass.read(x, picture)
            for row in block &* rowsPerBlock..<min((block &+ 1) &* rowsPerBlock, padded.height) {
                let target = pass.arena(picture) + shared + row &* rowCount
                let line = row &- padding.height
                guard line >= 0, line < size.height else {
                    for index in 0..<rowCount { target[index] = 0 }
                    continue
                }
                let edge = padding.width &* channels
                for index in 0..<edge {
                    target[index] = 0
                    target[rowCount &- 1 &- index] = 0
                }
                for channel in 0..<channels {
                    let values = source + (channel &* size.area &+ line &* size.width)
                    var place = target + (edge &+ channel)
                    for column in 0..<size.width {
                        place[0] = values[column]
                        place += channels
                    }
                }
            }
            // What may be read behind the end counts for nothing, but is to be numbers.
            if block == 0 { store(Vector(), pass.arena(picture) + shared + padded.height &* rowCount) }
        }
    }

    /// Copies the windows' pieces: the whole ones row by row, then what is left of each row.
    private static func gather(
        _ step: PictureConvolution, _ picture: UnsafePointer<Float>, _ positions: Range<Int>, to pieces: UnsafeMutablePointer<Float>
    ) {
        let (window, channels) = (step.geometry.window, step.geometry.inputChannels)
        let rowCount = step.padded.width &* channels
        let whole = step.wholePieces
        var piece = pieces
        for isRest in 0..<2 {
            for ky in 0..<window.kernel.height {
                let first = isRest == 0 ? 0 : whole
                let last = isRest == 0 ? whole : (step.rest > 0 ? whole &+ 1 : whole)
                for part in first..<last {
                    var (oy, ox) = positions.lowerBound.quotientAndRemainder(dividingBy: window.output.width)
                    var left = positions.count
                    while left > 0 {
                        let count = min(window.output.width &- ox, left)
                        var source = picture + ((oy &* window.stride.height &+ ky) &* rowCount &+ part &* 16)
                        source += ox &* window.stride.width &* channels
                        for _ in 0..<count {
                            store(load(source), piece)
                            source += window.stride.width &* channels
                            piece += 16
                        }
                        left &-= count
                        ox = 0
                        oy &+= 1
                    }
                }
            }
        }
    }
}
