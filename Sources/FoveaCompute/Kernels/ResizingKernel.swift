/// Adaptive average pooling and nearest-neighbour upsampling: [C, H, W] to [C, h, w].
public struct ResizingKernel: Sendable {
    package enum Kind: Sendable, Hashable {
        case adaptiveAverage, nearest
    }

    package let kind: Kind
    package let channels: Int
    package let input: Extent2D
    package let output: Extent2D

    package init(_ kind: Kind, channels: Int, input: Extent2D, output: Extent2D) {
        self.kind = kind
        self.channels = channels
        self.input = input
        self.output = output
    }

    package func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        lane.forEachRange(of: channels, by: max(1, (1 << 14) / max(input.area, output.area))) { range, _ in
            for channel in range {
                let (source, target) = (x + channel * input.area, y + channel * output.area)
                if input == output {
                    target.update(from: source, count: input.area)
                } else if kind == .nearest {
                    nearest(source, target)
                } else {
                    average(source, target)
                }
                operations.apply(to: y, channel * output.area..<(channel + 1) * output.area, memory)
            }
        }
    }

    private func nearest(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        let (rows, columns) = (NearestAxis(input.height, to: output.height), NearestAxis(input.width, to: output.width))
        for oy in 0..<output.height {
            let line = x + rows[oy] * input.width
            for ox in 0..<output.width { y[oy * output.width + ox] = line[columns[ox]] }
        }
    }

    private func average(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        for oy in 0..<output.height {
            let rows = oy * input.height / output.height..<((oy + 1) * input.height + output.height - 1) / output.height
            for ox in 0..<output.width {
                let columns = ox * input.width / output.width..<((ox + 1) * input.width + output.width - 1) / output.width
                var sum: Float = 0
                for iy in rows { for ix in columns { sum += x[iy * input.width + ix] } }
                y[oy * output.width + ox] = sum / Float(rows.count * columns.count)
            }
        }
    }
}
