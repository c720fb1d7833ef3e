import FoveaCompute

/// Pooling of blocked maps: each output position's window in one register.
struct MapPoolingKernel {
    private let window: WindowGeometry

    static func run(_ step: MapPooling, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        let window = step.window
        let (input, output) = (window.input, window.output)
        let cut = MapCut(
            blocks: Blocked.blocks(step.channels), rows: output.height,
            cost: max(output.width, input.width &* min(window.stride.height, input.height)))
        let kernel = MapPoolingKernel(window: window)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (map, result) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                let source = map + block &* input.area &* 16
                let target = result + block &* output.area &* 16
                var oy = start
                while oy < end {
                    switch step.kind {
                    case .max: kernel.maxima(oy, source, to: target + oy &* output.width &* 16)
                    case .average(let countIncludePad):
                        kernel.means(oy, source, to: target + oy &* output.width &* 16, countIncludePad)
                    }
                    oy &+= 1
                }
                operations.apply(
                    pass, picture, result, blocks: block..<block &+ 1, start &* output.width..<end &* output.width, output.area)
            }
        }
    }

    // MARK: -

    private func maxima(_ oy: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let (rows, tap) = (rows(oy), window.dilation.width &* 16)
        var ox = 0
        while ox < window.output.width {
            let columns = columns(ox)
            var largest = Vector(repeating: -.infinity)
            var ky = rows.first
            while ky < rows.end {
                var source = x + ((rows.start &+ ky &* window.dilation.height) &* window.input.width &+ columns.start) &* 16
                source += columns.first &* tap
                var kx = columns.first
                while kx < columns.end {
                    largest = larger(largest, load(source))
                    source += tap
                    kx &+= 1
                }
                ky &+= 1
            }
            store(largest, y + ox &* 16)
            ox &+= 1
        }
    }

    private func means(_ oy: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ countIncludePad: Bool) {
        let (rows, tap) = (rows(oy), window.dilation.width &* 16)
        // In ceil mode a window may reach past the padding; what lies there is never counted.
        let height = min(rows.start &+ window.kernel.height, window.input.height &+ window.padding.height) &- rows.start
        var ox = 0
        while ox < window.output.width {
            let columns = columns(ox)
            var sum = Vector()
            var ky = rows.first
            while ky < rows.end {
                // Each row is summed on its own: short sums keep float32's digits.
                var line = Vector()
                var source = x + ((rows.start &+ ky &* window.dilation.height) &* window.input.width &+ columns.start) &* 16
                source += columns.first &* tap
                var kx = columns.first
                while kx < columns.end {
                    line += load(source)
                    source += tap
                    kx &+= 1
                }
                sum += line
                ky &+= 1
            }
            let width = min(columns.start &+ window.kernel.width, window.input.width &+ window.padding.width) &- columns.start
            let inside = (rows.end &- rows.first) &* (columns.end &- columns.first)
            store(sum / Vector(repeating: Float(countIncludePad ? height &* width : inside)), y + ox &* 16)
            ox &+= 1
        }
    }

    /// Where a window starts along one axis, and which of its positions lie inside the map.
    private typealias Span = (start: Int, first: Int, end: Int)

    @inline(__always)
    private func rows(_ oy: Int) -> Span {
        span(
            oy &* window.stride.height &- window.padding.height, window.kernel.height, window.dilation.height, window.input.height)
    }

    @inline(__always)
    private func columns(_ ox: Int) -> Span {
        span(ox &* window.stride.width &- window.padding.width, window.kernel.width, window.dilation.width, window.input.width)
    }

    @inline(__always)
    private func span(_ start: Int, _ kernel: Int, _ dilation: Int, _ size: Int) -> Span {
        // Most windows lie inside the map whole, and need no division.
        if start >= 0, start &+ (kernel &- 1) &* dilation < size { return (start, 0, kernel) }
        let first = start < 0 ? (dilation &- 1 &- start) / dilation : 0
        let end = start < size ? min(kernel, (size &- 1 &- start) / dilation &+ 1) : 0
        return (start, min(first, end), end)
    }
}
