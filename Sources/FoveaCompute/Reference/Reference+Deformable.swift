import Glibc

extension Reference {
    /// `torchvision.ops.deform_conv2d` of one picture.
    ///
    /// - Parameter x: [Cin, H, W]
    /// - Parameter offset: [2·G·kh·kw, OH, OW], G groups of input channels; for each kernel point first y, then x
    /// - Parameter mask: [G·kh·kw, OH, OW]; nil is 1
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Returns: [Cout, OH, OW]
    public static func deformableConvolution(
        _ x: [Double], offset: [Double], mask: [Double]?, weight: [Double], bias: [Double]? = nil, _ geometry: DeformableGeometry
    ) -> [Double] {
        let convolution = geometry.convolution
        let (window, area) = (convolution.window, convolution.outputArea)
        let (kernel, map) = (window.kernel, convolution.inputArea)
        var output: [Double] = []
        for channel in 0..<convolution.outputChannels {
            let firstInput = channel / convolution.outputsPerGroup * convolution.inputsPerGroup
            for position in 0..<area {
                let (oy, ox) = position.quotientAndRemainder(dividingBy: window.output.width)
                var sum = bias?[channel] ?? 0
                for c in 0..<convolution.inputsPerGroup {
                    let input = firstInput + c
                    for tap in 0..<kernel.area {
                        let (ky, kx) = tap.quotientAndRemainder(dividingBy: kernel.width)
                        let point = input / geometry.channelsPerOffsetGroup * kernel.area + tap
                        let y0 = oy * window.stride.height - window.padding.height + ky * window.dilation.height
                        let x0 = ox * window.stride.width - window.padding.width + kx * window.dilation.width
                        let read = bilinear(
                            x[input * map..<(input + 1) * map], window.input, y: Double(y0) + offset[2 * point * area + position],
                            x: Double(x0) + offset[(2 * point + 1) * area + position])
                        sum += weight[channel * convolution.depth + c * kernel.area + tap] * read * (mask?[point * area + position] ?? 1)
                    }
                }
                output.append(sum)
            }
        }
        return output
    }

    /// The map between its pixels: linear along both axes, and 0 where a pixel is outside or the coordinate is not in (-1, size). Not a number where a
    /// coordinate is none: torchvision's CUDA kernel gives that, its CPU kernel reads outside the map.
    private static func bilinear(_ map: ArraySlice<Double>, _ size: Extent2D, y: Double, x: Double) -> Double {
        guard !y.isNaN, !x.isNaN else { return .nan }
        guard y > -1, y < Double(size.height), x > -1, x < Double(size.width) else { return 0 }
        let (top, left) = (floor(y), floor(x))
        var sum = 0.0
        for (row, rowWeight) in [(Int(top), 1 - (y - top)), (Int(top) + 1, y - top)] where 0..<size.height ~= row {
            for (column, weight) in [(Int(left), 1 - (x - left)), (Int(left) + 1, x - left)] where 0..<size.width ~= column {
                sum += rowWeight * weight * map[map.startIndex + row * size.width + column]
            }
        }
        return sum
    }

    /// The mean over a position's points of √(dy² + dx²): [2·points, H, W] to [H, W].
    public static func offsetLength(_ x: [Double], points: Int) -> [Double] {
        let area = x.count / (2 * points)
        return (0..<area).map { position in
            (0..<points).reduce(0) { sum, point in
                let (dy, dx) = (x[2 * point * area + position], x[(2 * point + 1) * area + position])
                return sum + (dy * dy + dx * dx).squareRoot()
            } / Double(points)
        }
    }

    /// The elements `range` along an axis.
    public static func slice(_ x: [Double], _ axis: AxisGeometry, _ range: Range<Int>) -> [Double] {
        (0..<axis.outer).flatMap { outer in
            x[(outer * axis.length + range.lowerBound) * axis.inner..<(outer * axis.length + range.upperBound) * axis.inner]
        }
    }
}
