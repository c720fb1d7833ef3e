/// "Aggregate, then convolve": a convolution whose weights are mixed for each picture from K stored kernels.
///
/// W = Σₖ kernelAttention[k] · kernelSpatial ⊙ inputScale ⊙ kernels[k]. On small maps the mixed weights exist only block by block, in
/// cache, just before the product that reads them; on large maps they are small against the map and are written once.
public struct DynamicConvolutionKernel: Sendable {
    package let convolution: ConvolutionKernel
    package let kernelCount: Int

    package init(_ geometry: ConvolutionGeometry, kernelCount: Int) {
        convolution = ConvolutionKernel(geometry)
        self.kernelCount = kernelCount
    }

    private var geometry: ConvolutionGeometry { convolution.geometry }

    /// The attentions of one picture; nil is 1.
    public struct Attentions {
        /// K numbers
        public var kernel: UnsafePointer<Float>?
        /// kh·kw numbers
        public var kernelSpatial: UnsafePointer<Float>?
        /// Cin numbers
        public var inputScale: UnsafePointer<Float>?

        package init(kernel: UnsafePointer<Float>?, kernelSpatial: UnsafePointer<Float>?, inputScale: UnsafePointer<Float>?) {
            self.kernel = kernel
            self.kernelSpatial = kernelSpatial
            self.inputScale = inputScale
        }
    }

    package var scratchCount: Int {
        if case .rows(let rows) = convolution.method { rows * geometry.depth } else { convolution.scratchCount }
    }

    /// The factors of each weight's position in its row, the unrolled windows, and the mixed weights where they are written out.
    public var sharedCount: Int {
        if case .rows = convolution.method { factorCount + convolution.sharedCount } else { factorCount + geometry.weightCount }
    }

    private var factorCount: Int { geometry.groups * geometry.depth }

    /// - Parameter kernels: [K, Cout, Cin/groups, kh, kw]
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ kernels: UnsafePointer<Float>, _ attentions: Attentions,
        to y: UnsafeMutablePointer<Float>, shared: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        let depth = geometry.depth
        let hasFactors = attentions.kernelSpatial != nil || attentions.inputScale != nil
        if hasFactors { writeFactors(attentions, to: shared) }
        let factors = hasFactors ? UnsafePointer(shared) : nil
        let rest = shared + factorCount

        if case .rows(let rows) = convolution.method {
            convolution.runRows(lane, x, y, rows, rest, memory, operations) { first, count, scratch in
                for row in 0..<count { mix(kernels, attentions.kernel, factors, row: first + row, to: scratch + row * depth) }
                return UnsafePointer(scratch)
            }
        } else {
            lane.forEachRange(of: geometry.outputChannels, by: max(1, (1 << 14) / depth)) { rows, _ in
                for row in rows { mix(kernels, attentions.kernel, factors, row: row, to: rest + row * depth) }
            }
            convolution.run(lane, x, UnsafePointer(rest), to: y, shared: rest, memory, then: operations)
        }
    }

    // MARK: -

    /// kernelSpatial ⊙ inputScale for a row of weights of each group: [groups, Cin/groups, kh·kw].
    private func writeFactors(_ attentions: Attentions, to factors: UnsafeMutablePointer<Float>) {
        let area = geometry.window.kernel.area
        for channel in 0..<geometry.inputChannels {
            let gate = attentions.inputScale?[channel] ?? 1
            for position in 0..<area {
                factors[channel * area + position] = gate * (attentions.kernelSpatial?[position] ?? 1)
            }
        }
    }

    /// Writes the weights of output channel `row`.
    @inline(__always)
    private func mix(
        _ kernels: UnsafePointer<Float>, _ attention: UnsafePointer<Float>?, _ factors: UnsafePointer<Float>?, row: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        let (depth, distance) = (geometry.depth, geometry.weightCount)
        let first = kernels + row * depth
        if let attention {
            if kernelCount == 4 {
                let (a0, a1, a2, a3) = (attention[0], attention[1], attention[2], attention[3])
                let (k1, k2, k3) = (first + distance, first + 2 * distance, first + 3 * distance)
                for i in 0..<depth { target[i] = a0 * first[i] + a1 * k1[i] + a2 * k2[i] + a3 * k3[i] }
            } else {
                for i in 0..<depth { target[i] = attention[0] * first[i] }
                for k in 1..<max(kernelCount, 1) {
                    let (a, kernel) = (attention[k], first + k * distance)
                    for i in 0..<depth { target[i] += a * kernel[i] }
                }
            }
        } else {
            target.update(from: first, count: depth)
        }
        if let factors {
            let factors = factors + row / geometry.outputsPerGroup * depth
            for i in 0..<depth { target[i] *= factors[i] }
        }
    }
}
