/// Depth-wise convolutions, and others whose groups are too thin for a product of matrices: one pass over an output row per weight.
struct DirectConvolution {
    let geometry: ConvolutionGeometry

    func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
        _ memory: Memory, then operations: [PostOperation]
    ) {
        let area = geometry.outputArea
        let channels = max(1, (1 << 16) / max(area * geometry.depth, 1))
        lane.forEachRange(of: geometry.outputChannels, by: channels) { range, _ in
            for channel in range {
                let input = x + channel / geometry.outputsPerGroup * geometry.inputsPerGroup * geometry.inputArea
                convolve(input, weight + channel * geometry.depth, y + channel * area)
                operations.apply(to: y, channel * area..<(channel + 1) * area, memory)
            }
        }
    }

    private func convolve(_ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        let window = geometry.window
        let (input, output, step) = (window.input, window.output, window.stride.width)
        for oy in 0..<output.height {
            let row = y + oy &* output.width
            row.update(repeating: 0, count: output.width)
            var w = weight
            for channel in 0..<geometry.inputsPerGroup {
                for ky in 0..<window.kernel.height {
                    let iy = oy &* window.stride.height &- window.padding.height &+ ky &* window.dilation.height
                    guard iy >= 0, iy < input.height else {
                        w += window.kernel.width
                        continue
                    }
                    let line = x + (channel &* geometry.inputArea &+ iy &* input.width)
                    for kx in 0..<window.kernel.width {
                        let (columns, shift) = window.columns(at: kx)
                        let factor = w.pointee
                        w += 1
                        if step == 1 {
                            let source = line + shift
                            for ox in columns { row[ox] += factor * source[ox] }
                        } else {
                            for ox in columns { row[ox] += factor * line[ox &* step &+ shift] }
                        }
                    }
                }
            }
        }
    }
}
