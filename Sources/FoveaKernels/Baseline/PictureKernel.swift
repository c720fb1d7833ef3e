import FoveaCompute

/// The first convolution of a network.
enum PictureKernel {
    private typealias Weights = Float32Weights

    static func run(
        _ step: PictureConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        layOut(step, pass, x, to: shared)
        let (area, panels, width) = (step.geometry.outputArea, step.panels, step.geometry.window.output.width)
        pass.forEach(blocks: step.blocks) { picture, block, _ in
            let (lines, columns) = step.outputs(of: block)
            let weights = UnsafeRawPointer(pass.read(weight, picture))
            let output = pass.arena(picture) + y
            for panel in 0..<panels.number {
                for line in lines {
                    multiply(
                        step, UnsafePointer(pass.arena(picture) + shared), line, columns,
                        weights + panels.start(panel) &* Weights.size, width: panels.width(panel),
                        to: output + (panel &* 2 &* area &+ line &* width &+ columns.lowerBound) &* 16)
                }
            }
            let positions = lines.lowerBound &* width &+ columns.lowerBound..<(lines.upperBound &- 1) &* width &+ columns.upperBound
            operations.apply(pass, picture, output, blocks: 0..<panels.stored / 16, positions, area)
        }
    }

    /// Multiplies the windows of one line's outputs by a panel.
    private static func multiply(
        _ step: PictureConvolution, _ picture: UnsafePointer<Float>, _ line: Int, _ columns: Range<Int>, _ panel: UnsafeRawPointer,
        width: Int, to target: UnsafeMutablePointer<Float>
    ) {
        // Of three channels, moved by two or by one; of one, by one.
        switch step.distance {
        case 6: Lines<6>.multiply(step, picture, line, columns, panel, width: width, to: target)
        case 3: Lines<3>.multiply(step, picture, line, columns, panel, width: width, to: target)
        case 1: Lines<1>.multiply(step, picture, line, columns, panel, width: width, to: target)
        default: Lines<0>.multiply(step, picture, line, columns, panel, width: width, to: target)
        }
    }

    /// The loop over a window's rows for a usual distance from one position to the next, or any (`PictureRows`).
    private enum Lines<let usual: Int> {
        /// Some rows of the windows at a time.
        static func multiply(
            _ step: PictureConvolution, _ picture: UnsafePointer<Float>, _ line: Int, _ columns: Range<Int>, _ panel: UnsafeRawPointer,
            width: Int, to target: UnsafeMutablePointer<Float>
        ) {
            let (window, lineCount) = (step.geometry.window, step.padded.width &* step.geometry.inputChannels)
            let start = picture + (line &* window.stride.height &* lineCount &+ columns.lowerBound &* step.distance)
            var row = 0
            while row < window.kernel.height {
                let rows = PictureRows<usual>(
                    start: start + row &* lineCount, lineCount: lineCount, step: step.distance,
                    segments: min(step.rowsPerSum, window.kernel.height &- row), length: step.run)
                Tile<Weights>.multiply(
                    columns.count, rows, panel + row &* step.run &* width &* Weights.size, width: width,
                    TileTarget(start: target, stride: step.geometry.outputArea &* 16, adds: row > 0))
                row &+= rows.segments
            }
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
        }
    }
}
