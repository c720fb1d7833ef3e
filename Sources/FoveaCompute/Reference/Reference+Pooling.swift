extension Reference {
    /// `torch.nn.MaxPool2d` or `AvgPool2d`: [C, H, W] to [C, OH, OW].
    public static func pool(_ x: [Double], _ kind: PoolingKind, channels: Int, _ window: WindowGeometry) -> [Double] {
        var output: [Double] = []
        let input = window.input
        for channel in 0..<channels {
            for oy in 0..<window.output.height {
                for ox in 0..<window.output.width {
                    let top = oy * window.stride.height - window.padding.height
                    let left = ox * window.stride.width - window.padding.width
                    var elements: [Double] = []
                    for ky in 0..<window.kernel.height {
                        for kx in 0..<window.kernel.width {
                            let (y, x0) = (top + ky * window.dilation.height, left + kx * window.dilation.width)
                            if 0..<input.height ~= y, 0..<input.width ~= x0 {
                                elements.append(x[(channel * input.height + y) * input.width + x0])
                            }
                        }
                    }
                    switch kind {
                    case .max:
                        output.append(elements.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 })
                    case .average(let countIncludePad):
                        // In ceil mode a window may reach past the padding; what lies there is never counted (PyTorch's AvgPoolKernel.cpp).
                        let bottom = min(top + window.kernel.height, input.height + window.padding.height)
                        let right = min(left + window.kernel.width, input.width + window.padding.width)
                        let count = countIncludePad ? (bottom - top) * (right - left) : elements.count
                        output.append(elements.reduce(0, +) / Double(count))
                    }
                }
            }
        }
        return output
    }

    /// `torch.nn.AdaptiveAvgPool2d`: position i of n is the mean of the rows ⌊i·H/n⌋ up to, not including, ⌈(i+1)·H/n⌉.
    public static func adaptiveAveragePool(_ x: [Double], channels: Int, input: Extent2D, output size: Extent2D) -> [Double] {
        var output: [Double] = []
        for channel in 0..<channels {
            for oy in 0..<size.height {
                for ox in 0..<size.width {
                    let rows = adaptiveWindow(oy, of: size.height, over: input.height)
                    let columns = adaptiveWindow(ox, of: size.width, over: input.width)
                    var sum = 0.0
                    for y in rows { for x0 in columns { sum += x[(channel * input.height + y) * input.width + x0] } }
                    output.append(sum / Double(rows.count * columns.count))
                }
            }
        }
        return output
    }

    /// The positions along an axis of `length` that an adaptive pooling's output `index` of `count` is made of.
    static func adaptiveWindow(_ index: Int, of count: Int, over length: Int) -> Range<Int> {
        index * length / count..<((index + 1) * length + count - 1) / count
    }

    /// `torch.nn.functional.interpolate(mode="nearest")`: as ``NearestAxis`` says.
    public static func upsampleNearest(_ x: [Double], channels: Int, input: Extent2D, output size: Extent2D) -> [Double] {
        let (rows, columns) = (NearestAxis(input.height, to: size.height), NearestAxis(input.width, to: size.width))
        var output: [Double] = []
        for channel in 0..<channels {
            for oy in 0..<size.height {
                for ox in 0..<size.width {
                    let (y, x0) = (rows[oy], columns[ox])
                    output.append(x[(channel * input.height + y) * input.width + x0])
                }
            }
        }
        return output
    }
}
