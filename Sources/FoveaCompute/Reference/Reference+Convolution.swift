extension Reference {
    /// `torch.nn.functional.conv2d` of one picture.
    ///
    /// - Parameter x: [Cin, H, W]
    /// - Parameter weight: [Cout, Cin/groups, kh, kw]
    /// - Parameter bias: [Cout]
    /// - Returns: [Cout, OH, OW]
    public static func convolution(_ x: [Double], weight: [Double], bias: [Double]? = nil, _ geometry: ConvolutionGeometry) -> [Double] {
        let window = geometry.window
        let (kernel, input) = (window.kernel, window.input)
        var output: [Double] = []
        output.reserveCapacity(geometry.outputChannels * geometry.outputArea)
        for channel in 0..<geometry.outputChannels {
            let firstInput = channel / geometry.outputsPerGroup * geometry.inputsPerGroup
            for oy in 0..<window.output.height {
                for ox in 0..<window.output.width {
                    var sum = bias?[channel] ?? 0
                    for c in 0..<geometry.inputsPerGroup {
                        for ky in 0..<kernel.height {
                            let y = oy * window.stride.height - window.padding.height + ky * window.dilation.height
                            guard 0..<input.height ~= y else { continue }
                            for kx in 0..<kernel.width {
                                let x0 = ox * window.stride.width - window.padding.width + kx * window.dilation.width
                                guard 0..<input.width ~= x0 else { continue }
                                let w = weight[((channel * geometry.inputsPerGroup + c) * kernel.height + ky) * kernel.width + kx]
                                sum += w * x[((firstInput + c) * input.height + y) * input.width + x0]
                            }
                        }
                    }
                    output.append(sum)
                }
            }
        }
        return output
    }

    /// The weights of a dynamic convolution for one picture: Σₖ attention[k] · spatial ⊙ inputScale ⊙ kernels[k].
    ///
    /// - Parameter kernels: [K, Cout, Cin/groups, kh, kw]
    /// - Parameter kernelAttention: K numbers; nil is 1
    /// - Parameter kernelSpatial: kh·kw numbers; nil is 1
    /// - Parameter inputScale: Cin numbers; nil is 1
    /// - Returns: [Cout, Cin/groups, kh, kw]
    public static func mixedKernels(
        _ kernels: [Double], kernelAttention: [Double]?, kernelSpatial: [Double]?, inputScale: [Double]?, _ geometry: ConvolutionGeometry
    ) -> [Double] {
        let area = geometry.window.kernel.area
        return (0..<geometry.weightCount).map { index in
            let position = index % area
            let channel = index / geometry.depth
            let input = channel / geometry.outputsPerGroup * geometry.inputsPerGroup + index % geometry.depth / area
            var sum = 0.0
            for k in 0..<kernels.count / geometry.weightCount {
                sum += (kernelAttention?[k] ?? 1) * kernels[k * geometry.weightCount + index]
            }
            return sum * (kernelSpatial?[position] ?? 1) * (inputScale?[input] ?? 1)
        }
    }

    /// `torch.nn.functional.linear`: weight [out, in] times x [in], plus bias [out].
    public static func linear(_ x: [Double], weight: [Double], bias: [Double]? = nil) -> [Double] {
        (0..<weight.count / x.count).map { row in
            var sum = bias?[row] ?? 0
            for column in x.indices { sum += weight[row * x.count + column] * x[column] }
            return sum
        }
    }
}
