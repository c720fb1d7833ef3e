extension Gradients {
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Returns: [Cin, H, W]
    public static func convolution(_ g: [Double], weight: [Float], _ geometry: ConvolutionGeometry) -> [Double] {
        let (window, kernel) = (geometry.window, geometry.window.kernel)
        let (input, output) = (window.input, window.output)
        var result = [Double](repeating: 0, count: geometry.inputChannels * input.area)
        var index = 0
        for channel in 0..<geometry.outputChannels {
            let firstInput = channel / geometry.outputsPerGroup * geometry.inputsPerGroup
            for c in 0..<geometry.inputsPerGroup {
                for ky in 0..<kernel.height {
                    for kx in 0..<kernel.width {
                        let w = Double(weight[index])
                        index += 1
                        for oy in 0..<output.height {
                            let y = oy * window.stride.height - window.padding.height + ky * window.dilation.height
                            guard 0..<input.height ~= y else { continue }
                            let row = ((firstInput + c) * input.height + y) * input.width
                            for ox in 0..<output.width {
                                let x = ox * window.stride.width - window.padding.width + kx * window.dilation.width
                                guard 0..<input.width ~= x else { continue }
                                result[row + x] += w * g[(channel * output.height + oy) * output.width + ox]
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// Of max or average pooling; a window's largest element is the first of equals, as PyTorch takes it.
    ///
    /// - Parameter x: the operation's input; needed for max pooling
    public static func pool(_ g: [Double], _ kind: PoolingKind, channels: Int, _ window: WindowGeometry, x: [Double]) -> [Double] {
        let input = window.input
        var result = [Double](repeating: 0, count: channels * input.area)
        var output = 0
        var places: [Int] = []
        for channel in 0..<channels {
            for oy in 0..<window.output.height {
                for ox in 0..<window.output.width {
                    let top = oy * window.stride.height - window.padding.height
                    let left = ox * window.stride.width - window.padding.width
                    places.removeAll(keepingCapacity: true)
                    for ky in 0..<window.kernel.height {
                        for kx in 0..<window.kernel.width {
                            let (y, x0) = (top + ky * window.dilation.height, left + kx * window.dilation.width)
                            if 0..<input.height ~= y, 0..<input.width ~= x0 {
                                places.append((channel * input.height + y) * input.width + x0)
                            }
                        }
                    }
                    switch kind {
                    case .max:
                        guard var best = places.first else { break }
                        for place in places where x[place] > x[best] { best = place }
                        result[best] += g[output]
                    case .average(let countIncludePad):
                        // As the pooling itself counts (`Reference.pool`).
                        let bottom = min(top + window.kernel.height, input.height + window.padding.height)
                        let right = min(left + window.kernel.width, input.width + window.padding.width)
                        let count = countIncludePad ? (bottom - top) * (right - left) : places.count
                        for place in places { result[place] += g[output] / Double(count) }
                    }
                    output += 1
                }
            }
        }
        return result
    }

    /// `torch.nn.AdaptiveAvgPool2d`: each output gives its share to every element of its window.
    public static func adaptiveAveragePool(_ g: [Double], channels: Int, input: Extent2D, output size: Extent2D) -> [Double] {
        guard input != size else { return g }
        var result = [Double](repeating: 0, count: channels * input.area)
        for channel in 0..<channels {
            for oy in 0..<size.height {
                let rows = Reference.adaptiveWindow(oy, of: size.height, over: input.height)
                for ox in 0..<size.width {
                    let columns = Reference.adaptiveWindow(ox, of: size.width, over: input.width)
                    let share = g[(channel * size.height + oy) * size.width + ox] / Double(rows.count * columns.count)
                    for y in rows { for x in columns { result[(channel * input.height + y) * input.width + x] += share } }
                }
            }
        }
        return result
    }

    /// `torch.nn.functional.interpolate(mode="nearest")`: each input sums what its copies are given.
    public static func upsampleNearest(_ g: [Double], channels: Int, input: Extent2D, output size: Extent2D) -> [Double] {
        let (rows, columns) = (NearestAxis(input.height, to: size.height), NearestAxis(input.width, to: size.width))
        var result = [Double](repeating: 0, count: channels * input.area)
        for channel in 0..<channels {
            for oy in 0..<size.height {
                for ox in 0..<size.width {
                    let (y, x) = (rows[oy], columns[ox])
                    result[(channel * input.height + y) * input.width + x] += g[(channel * size.height + oy) * size.width + ox]
                }
            }
        }
        return result
    }

    /// Of a [batch, m, k] · b [batch, k, n], or the transpose of b [batch, n, k], with respect to both.
    public static func matrixProduct(_ g: [Double], _ a: [Double], _ b: [Double], _ geometry: MatrixProductGeometry) -> (
        first: [Double], second: [Double]
    ) {
        let (m, k, n) = (geometry.m, geometry.k, geometry.n)
        var (first, second) = ([Double](repeating: 0, count: a.count), [Double](repeating: 0, count: b.count))
        for index in 0..<geometry.batch * m * n {
            let (row, column) = index.quotientAndRemainder(dividingBy: n)
            let start = row / m * k * n
            for inner in 0..<k {
                let place = start + (geometry.transposesSecond ? column * k + inner : inner * n + column)
                first[row * k + inner] += g[index] * b[place]
                second[place] += g[index] * a[row * k + inner]
            }
        }
        return (first, second)
    }

    /// Of tensors one behind the other along an axis with `outer` elements before it: each one's own part.
    ///
    /// - Parameter counts: elements of each tensor
    public static func concatenate(_ g: [Double], outer: Int, counts: [Int]) -> [[Double]] {
        let whole = g.count / max(outer, 1)
        var start = 0
        return counts.map { count in
            let part = count / max(outer, 1)
            defer { start += part }
            return (0..<outer).flatMap { g[$0 * whole + start..<$0 * whole + start + part] }
        }
    }

    /// Of the elements `range` along an axis; the others get nothing.
    public static func slice(_ g: [Double], _ axis: AxisGeometry, _ range: Range<Int>) -> [Double] {
        var result = [Double](repeating: 0, count: axis.outer * axis.length * axis.inner)
        let part = range.count * axis.inner
        for outer in 0..<axis.outer {
            let start = (outer * axis.length + range.lowerBound) * axis.inner
            for index in 0..<part { result[start + index] = g[outer * part + index] }
        }
        return result
    }
}
