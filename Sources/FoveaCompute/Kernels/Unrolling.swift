/// Writes the windows of a convolution as columns of a matrix, so that the convolution becomes a product of matrices.
struct Unrolling {
    let window: WindowGeometry

    /// Writes row `(channel, ky, kx)` of the matrix for the output positions `positions` (row-major over the output map) of one channel.
    ///
    /// - Parameter channel: the channel's input map
    /// - Parameter columns: kh·kw rows of `stride` numbers
    func write(_ channel: UnsafePointer<Float>, positions: Range<Int>, to columns: UnsafeMutablePointer<Float>, stride: Int) {
        var row = columns
        for ky in 0..<window.kernel.height {
            for kx in 0..<window.kernel.width {
                write(channel, ky, kx, positions, to: row)
                row += stride
            }
        }
    }

    @inline(__always)
    private func write(_ channel: UnsafePointer<Float>, _ ky: Int, _ kx: Int, _ positions: Range<Int>, to row: UnsafeMutablePointer<Float>)
    {
        let (input, output) = (window.input, window.output)
        let step = window.stride.width
        let (inside, shift) = window.columns(at: kx)

        var (oy, ox) = positions.lowerBound.quotientAndRemainder(dividingBy: output.width)
        var out = row
        var left = positions.count
        while left > 0 {
            let count = min(output.width &- ox, left)
            let end = ox &+ count
            let y = oy &* window.stride.height &- window.padding.height &+ ky &* window.dilation.height
            if y < 0 || y >= input.height {
                out.update(repeating: 0, count: count)
            } else {
                let (from, to) = (min(max(inside.lowerBound, ox), end), min(max(inside.upperBound, ox), end))
                if from > ox { out.update(repeating: 0, count: from &- ox) }
                if to > from {
                    let source = channel + (y &* input.width &+ from &* step &+ shift)
                    let target = out + (from &- ox)
                    if step == 1 {
                        target.update(from: source, count: to &- from)
                    } else {
                        for i in 0..<(to &- from) { target[i] = source[i &* step] }
                    }
                }
                if end > to { (out + (max(to, ox) &- ox)).update(repeating: 0, count: end &- max(to, ox)) }
            }
            out += count
            left &-= count
            ox = 0
            oy &+= 1
        }
    }
}
