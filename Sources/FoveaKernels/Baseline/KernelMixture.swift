import FoveaCompute

/// The weights of one picture, made piece by piece from what they are mixed of.
struct KernelMixture<Weights: PanelWeights> {
    private let step: DynamicProduct
    private let kernels: UnsafeRawPointer?
    private let attention: UnsafePointer<Float>?
    private let spatial: UnsafePointer<Float>?
    private let inputScale: UnsafePointer<Float>?
    private let generated: UnsafePointer<Float>?

    init(_ step: DynamicProduct, _ sources: DynamicProduct.Sources, _ pass: Pass, _ picture: Int) {
        self.step = step
        kernels = sources.kernels.map { UnsafeRawPointer(pass.read($0, picture)) }
        attention = sources.kernelAttention.map { pass.read($0, picture) }
        spatial = sources.kernelSpatial.map { pass.read($0, picture) }
        inputScale = sources.inputScale.map { pass.read($0, picture) }
        generated = sources.generated.map { pass.read($0, picture) }
    }

    /// Writes the weights of `chunk`'s stretch of the depth for one panel: [depth, width].
    func mix(_ chunk: Chunk, panel: Int, to target: UnsafeMutablePointer<Float>) {
        let panels = step.product.panels
        let width = panels.width(panel)
        var place = panels.start(panel) &+ chunk.depth &* width
        var row = target
        let taps = step.product.geometry.window.kernel.area
        for index in 0..<chunk.segments {
            let (block, tap) = (chunk.segment &+ index).quotientAndRemainder(dividingBy: taps)
            let position = spatial?[tap] ?? 1
            let gates = inputScale.map { $0 + block &* 16 }
            if step.kernelCount == 4, let kernels, let attention, generated == nil {
                mixFour(kernels, attention, position, gates, place, chunk.length, width, to: row)
            } else {
                mixAny(position, gates, place, chunk.length, width, to: row)
            }
            place &+= chunk.length &* width
            row += chunk.length &* width
        }
    }

    /// One segment's weights of four kernels, the usual number.
    @inline(__always)
    private func mixFour(
        _ kernels: UnsafeRawPointer, _ attention: UnsafePointer<Float>, _ position: Float, _ gates: UnsafePointer<Float>?, _ place: Int,
        _ length: Int, _ width: Int, to target: UnsafeMutablePointer<Float>
    ) {
        let (a0, a1) = (attention[0] * position, attention[1] * position)
        let (a2, a3) = (attention[2] * position, attention[3] * position)
        var source = place &* 4
        var row = target
        for lane in 0..<length {
            let gate = gates?[lane] ?? 1
            var column = 0
            while column < width {
                var sum = Weights.load(kernels, source, column, width) * a0
                sum = multiplyAdd(sum, a1, Weights.load(kernels, source &+ width, column, width))
                sum = multiplyAdd(sum, a2, Weights.load(kernels, source &+ 2 &* width, column, width))
                sum = multiplyAdd(sum, a3, Weights.load(kernels, source &+ 3 &* width, column, width))
                store(sum * gate, row + column)
                column &+= 16
            }
            source &+= 4 &* width
            row += width
        }
    }

    @inline(__always)
    private func mixAny(
        _ position: Float, _ gates: UnsafePointer<Float>?, _ place: Int, _ length: Int, _ width: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        var (place, row) = (place, target)
        for lane in 0..<length {
            let factor = (gates?[lane] ?? 1) * position
            var column = 0
            while column < width {
                var sum = Vector()
                if let kernels {
                    let first = place &* step.kernelCount
                    sum = Weights.load(kernels, first, column, width) * (attention?[0] ?? 1)
                    var kernel = 1
                    while kernel < step.kernelCount, let attention {
                        sum = multiplyAdd(sum, attention[kernel], Weights.load(kernels, first &+ kernel &* width, column, width))
                        kernel &+= 1
                    }
                    sum *= factor
                }
                if let generated { sum += load(generated + (place &+ column)) }
                store(sum, row + column)
                column &+= 16
            }
            place &+= width
            row += width
        }
    }
}
