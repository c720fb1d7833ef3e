/// Max and average pooling: one pass over an output row for each position of the window.
public struct PoolingKernel: Sendable {
    package let kind: PoolingKind
    package let channels: Int
    package let window: WindowGeometry

    package init(_ kind: PoolingKind, channels: Int, _ window: WindowGeometry) {
        self.kind = kind
        self.channels = channels
        self.window = window
    }

    /// - Parameter x: [C, H, W]
    /// - Parameter y: [C, OH, OW]
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        let area = window.output.area
        lane.forEachRange(of: channels, by: max(1, (1 << 14) / area)) { range, _ in
            for channel in range {
                pool(x + channel * window.input.area, y + channel * area)
                operations.apply(to: y, channel * area..<(channel + 1) * area, memory)
            }
        }
    }

    private func pool(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        let (input, output, step) = (window.input, window.output, window.stride.width)
        for oy in 0..<output.height {
            let row = y + oy &* output.width
            let top = oy &* window.stride.height &- window.padding.height
            row.update(repeating: kind == .max ? -.infinity : 0, count: output.width)
            var lines = 0
            for ky in 0..<window.kernel.height {
                let iy = top &+ ky &* window.dilation.height
                guard iy >= 0, iy < input.height else { continue }
                lines &+= 1
                let line = x + iy &* input.width
                for kx in 0..<window.kernel.width {
                    let (columns, shift) = window.columns(at: kx)
                    if kind == .max {
                        for ox in columns {
                            let value = line[ox &* step &+ shift]
                            row[ox] = value > row[ox] || value != value ? value : row[ox]
                        }
                    } else {
                        for ox in columns { row[ox] += line[ox &* step &+ shift] }
                    }
                }
            }
            if case .average(let countIncludePad) = kind {
                let height = countIncludePad ? min(top &+ window.kernel.height, input.height &+ window.padding.height) &- top : lines
                divide(row, height: height, countIncludePad)
            }
        }
    }

    /// Divides a row of sums by the number of elements of each window.
    private func divide(_ row: UnsafeMutablePointer<Float>, height: Int, _ countIncludePad: Bool) {
        let padding = window.padding.width
        for ox in 0..<window.output.width {
            let left = ox &* window.stride.width &- padding
            let right = left &+ window.kernel.width
            let width =
                countIncludePad
                ? min(right, window.input.width &+ padding) &- left
                : min(right, window.input.width) &- max(left, 0)
            row[ox] /= Float(height &* width)
        }
    }
}
