import FoveaCompute

/// Convolutions of one or two row-major maps to one or two.
struct PlaneKernel {
    private let step: PlaneConvolution
    private let window: WindowGeometry
    /// The held rows, and behind them a vector of outputs.
    private let held: UnsafeMutablePointer<Float>

    static func run(_ step: PlaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation]) {
        let (geometry, output) = (step.geometry, step.geometry.window.output)
        pass.forEach(blocks: step.blocks) { picture, block, scratch in
            let kernel = PlaneKernel(step: step, window: geometry.window, held: scratch)
            let rows = block &* step.rows..<min((block &+ 1) &* step.rows, output.height)
            kernel.hold(rows, of: pass.read(x, picture))
            let (weights, result) = (pass.read(weight, picture), pass.arena(picture) + y)
            var channel = 0
            while channel < geometry.outputChannels {
                let first = channel &* geometry.outputArea
                kernel.convolve(rows, weights + channel &* geometry.depth, to: result + first)
                operations.apply(
                    pass, picture, result, first &+ rows.lowerBound &* output.width, first &+ rows.upperBound &* output.width)
                channel &+= 1
            }
        }
    }

    // MARK: -

    /// Copies the input rows that the windows of some output rows read, with zeros where they reach beyond the map.
    private func hold(_ rows: Range<Int>, of map: UnsafePointer<Float>) {
        let (input, columns) = (window.input, step.heldColumns)
        let left = min(window.padding.width, columns)
        let count = min(input.width, columns &- left)
        let top = rows.lowerBound &- window.padding.height
        var target = held
        for channel in 0..<step.geometry.inputChannels {
            let plane = map + channel &* step.geometry.inputArea
            for iy in top..<top &+ step.heldRows {
                if iy >= 0, iy < input.height {
                    target.update(repeating: 0, count: left)
                    (target + left).update(from: plane + iy &* input.width, count: count)
                    (target + (left &+ count)).update(repeating: 0, count: columns &- left &- count)
                } else {
                    target.update(repeating: 0, count: columns)
                }
                target += columns
            }
        }
    }

    private func convolve(_ rows: Range<Int>, _ weights: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let width = window.output.width
        let line = held + step.geometry.inputChannels &* step.heldRows &* step.heldColumns
        var oy = rows.lowerBound
        while oy < rows.upperBound {
            let count = min(PlaneConvolution.rowsPerTurn, rows.upperBound &- oy)
            var ox = 0
            while ox < width {
                let sums = sums(oy &- rows.lowerBound, last: rows.count &- 1, ox, weights)
                let (target, columns) = (y + (oy &* width &+ ox), min(16, width &- ox))
                write(sums.0, target, columns, line)
                if count > 1 { write(sums.1, target + width, columns, line) }
                if count > 2 { write(sums.2, target + 2 &* width, columns, line) }
                if count > 3 { write(sums.3, target + 3 &* width, columns, line) }
                ox &+= 16
            }
            oy &+= PlaneConvolution.rowsPerTurn
        }
    }

    /// Sixteen outputs of four rows; behind the block's last row, that one is computed again.
    @inline(__always)
    private func sums(_ row: Int, last: Int, _ ox: Int, _ weights: UnsafePointer<Float>) -> (Vector, Vector, Vector, Vector) {
        let (kernel, dilation, columns) = (window.kernel, window.dilation, step.heldColumns)
        var (a, b, c, d) = (Vector(), Vector(), Vector(), Vector())
        var weight = weights
        var channel = 0
        while channel < step.geometry.inputChannels {
            let plane = held + (channel &* step.heldRows &* columns &+ ox)
            let rows = (
                plane + row &* columns, plane + min(row &+ 1, last) &* columns, plane + min(row &+ 2, last) &* columns,
                plane + min(row &+ 3, last) &* columns
            )
            var ky = 0
            while ky < kernel.height {
                var offset = ky &* dilation.height &* columns
                var kx = 0
                while kx < kernel.width {
                    a = multiplyAdd(a, weight.pointee, load(rows.0 + offset))
                    b = multiplyAdd(b, weight.pointee, load(rows.1 + offset))
                    c = multiplyAdd(c, weight.pointee, load(rows.2 + offset))
                    d = multiplyAdd(d, weight.pointee, load(rows.3 + offset))
                    weight += 1
                    offset &+= dilation.width
                    kx &+= 1
                }
                ky &+= 1
            }
            channel &+= 1
        }
        return (a, b, c, d)
    }

    /// - Parameter line: room for sixteen numbers, of which the first `count` are wanted
    @inline(__always)
    private func write(_ sums: Vector, _ target: UnsafeMutablePointer<Float>, _ count: Int, _ line: UnsafeMutablePointer<Float>) {
        if count == 16 {
            store(sums, target)
        } else {
            store(sums, line)
            target.update(from: line, count: count)
        }
    }
}
