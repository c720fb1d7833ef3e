import CFoveaProcessor
import FoveaCompute

/// The weights of one picture, made piece by piece from what they are mixed of.
///
/// Plain numbers and pointers alone, so that the innermost loops neither copy a plan nor count references.
struct KernelMixture<Weights: PanelWeights> {
    private let panels: Panels
    private let kernelCount: Int
    private let taps: Int
    private let kernels: UnsafeRawPointer?
    private let attention: UnsafePointer<Float>?
    private let spatial: UnsafePointer<Float>?
    /// Factors of the input channels, where the inputs are not scaled by them.
    private let gates: UnsafePointer<Float>?
    private let generated: UnsafePointer<Float>?

    init(_ step: DynamicProduct, _ sources: DynamicProduct.Sources, _ pass: Pass, _ picture: Int) {
        panels = step.product.panels
        kernelCount = step.kernelCount
        taps = step.product.geometry.window.kernel.area
        kernels = sources.kernels.map { UnsafeRawPointer(pass.read($0, picture)) }
        attention = sources.kernelAttention.map { pass.read($0, picture) }
        spatial = sources.kernelSpatial.map { pass.read($0, picture) }
        gates = step.inputGates(sources) == nil ? sources.inputScale.map { pass.read($0, picture) } : nil
        generated = sources.generated.map { pass.read($0, picture) }
    }

    /// The stored kernels of a stretch of the depth of one panel; nil where there are none.
    @inline(__always)
    func stored(_ count: Int, from depth: Int, panel: Int) -> Ahead? {
        let size = panels.width(panel) &* kernelCount &* Weights.size
        return kernels.map {
            Ahead(
                start: $0 + panels.start(panel) &* kernelCount &* Weights.size + depth &* size, bytes: count &* size)
        }
    }

    /// What a product may ask for of what its picture's mixture of such a stretch will be made of, one of `count` products in turn: the stored kernels, in
    /// part where other pictures' products ask for the rest, and this picture's generated one.
    ///
    /// - Parameter stored: the picture's part of the stored kernels
    @inline(__always)
    func ahead(_ depth: Range<Int>, panel: Int, product: Int, of count: Int, stored: (Ahead) -> Ahead) -> Ahead? {
        let kernels = self.stored(depth.count, from: depth.lowerBound, panel: panel).map(stored)
        guard let generated else { return kernels?.share(product, of: count) }
        let width = panels.width(panel)
        let own = Ahead(
            start: UnsafeRawPointer(generated + (panels.start(panel) &+ depth.lowerBound &* width)), bytes: depth.count &* width &* 4)
        guard let kernels else { return own.share(product, of: count) }
        let (turn, turns) = (product / 2, (count &+ 1) / 2)
        return product & 1 == 0 ? kernels.share(turn, of: turns) : own.share(turn, of: count / 2)
    }

    /// Runs `body` with some pictures' mixtures. They take less than a kilobyte: more would not be put on the stack.
    @inline(__always)
    static func withMixtures(
        _ step: DynamicProduct, _ sources: DynamicProduct.Sources, _ pass: Pass, _ pictures: Range<Int>,
        _ body: (UnsafeBufferPointer<Self>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Self.self, capacity: pictures.count) { mixtures in
            for index in 0..<pictures.count {
                mixtures.initializeElement(at: index, to: KernelMixture(step, sources, pass, pictures.lowerBound &+ index))
            }
            body(UnsafeBufferPointer(mixtures))
        }
    }

    /// Writes the weights of pictures, of as many at a time as `target` has room for, and runs `body` for each picture with its own.
    ///
    /// - Parameter ahead: what is asked for while they are mixed one by one
    @inline(__always)
    static func mix(
        _ mixtures: UnsafeBufferPointer<Self>, _ chunk: Chunk, panel: Int, to target: UnsafeMutablePointer<Float>, stride: Int,
        ahead: Ahead? = nil,
        _ body: (_ index: Int, _ weights: UnsafeMutablePointer<Float>) -> Void
    ) {
        var first = 0
        while first < mixtures.count {
            let group = first..<min(first &+ DynamicProduct.mixedPictures, mixtures.count)
            mix(UnsafeBufferPointer(rebasing: mixtures[group]), chunk, panel: panel, to: target, stride: stride, ahead: ahead)
            for index in group { body(index, target + (index &- first) &* stride) }
            first = group.upperBound
        }
    }

    /// Writes the weights of up to four pictures, `stride` numbers from one's to the next's: each stored kernel is read once for all of them.
    static func mix(
        _ mixtures: UnsafeBufferPointer<Self>, _ chunk: Chunk, panel: Int, to target: UnsafeMutablePointer<Float>, stride: Int,
        ahead: Ahead? = nil
    ) {
        let first = mixtures[0]
        guard mixtures.count > 1, first.kernelCount == 4, first.gates == nil, first.generated == nil, first.attention != nil,
            first.panels.width(panel) == 32, let kernels = first.kernels
        else {
            for (index, mixture) in mixtures.enumerated() { mixture.mix(chunk, panel: panel, to: target + index &* stride, ahead: ahead) }
            return
        }
        var place = (first.panels.start(panel) &+ chunk.depth &* 32) &* 4
        for index in 0..<chunk.segments {
            let tap = (chunk.segment &+ index) % first.taps
            let row = target + index &* chunk.length &* 32
            switch mixtures.count {
            case 2: FourKernels<Weights, 2>.mix(kernels, place, chunk.length, to: row, stride: stride) { mixtures[$0].factors(tap) }
            case 3: FourKernels<Weights, 3>.mix(kernels, place, chunk.length, to: row, stride: stride) { mixtures[$0].factors(tap) }
            default: FourKernels<Weights, 4>.mix(kernels, place, chunk.length, to: row, stride: stride) { mixtures[$0].factors(tap) }
            }
            place &+= chunk.length &* 128
        }
    }

    /// What four kernels are multiplied by at one place of the window.
    @inline(__always)
    private func factors(_ tap: Int) -> (Vector, Vector, Vector, Vector) {
        guard let attention else { return (Vector(), Vector(), Vector(), Vector()) }
        let position = spatial?[tap] ?? 1
        return (
            Vector(repeating: attention[0] * position), Vector(repeating: attention[1] * position),
            Vector(repeating: attention[2] * position), Vector(repeating: attention[3] * position)
        )
    }

    /// Writes the weights of `chunk`'s stretch of the depth for one panel: [depth, width].
    ///
    /// - Parameter ahead: what is asked for meanwhile
    func mix(_ chunk: Chunk, panel: Int, to target: UnsafeMutablePointer<Float>, ahead: Ahead? = nil) {
        let lines = ahead.map { $0.lines / max(chunk.count, 1) } ?? 0
        var request = ahead?.start ?? UnsafeRawPointer(target)
        let width = panels.width(panel)
        var place = panels.start(panel) &+ chunk.depth &* width
        var row = target
        for index in 0..<chunk.segments {
            let (block, tap) = (chunk.segment &+ index).quotientAndRemainder(dividingBy: taps)
            let position = spatial?[tap] ?? 1
            if kernelCount == 4, generated == nil, let kernels, let attention {
                let gates = gates.map { $0 + block &* 16 }
                if width == 32 {
                    mixFour(kernels, attention, position, gates, place, chunk.length, 32, to: row, request, lines)
                } else {
                    mixFour(kernels, attention, position, gates, place, chunk.length, 16, to: row, request, lines)
                }
            } else if kernelCount == 1, gates == nil, let kernels, let generated {
                let factor = (attention?[0] ?? 1) * position
                if width == 32 {
                    add(generated, to: kernels, factor, place, chunk.length, 32, to: row)
                } else {
                    add(generated, to: kernels, factor, place, chunk.length, 16, to: row)
                }
            } else {
                mixAny(position, gates.map { $0 + block &* 16 }, place, chunk.length, width, to: row)
            }
            request += chunk.length &* lines &* 64
            place &+= chunk.length &* width
            row += chunk.length &* width
        }
    }

    /// One segment's weights of four kernels, the usual number; some lines are asked for with each row, from `start` on.
    @inline(__always)
    private func mixFour(
        _ kernels: UnsafeRawPointer, _ attention: UnsafePointer<Float>, _ position: Float, _ gates: UnsafePointer<Float>?, _ place: Int,
        _ length: Int, _ width: Int, to target: UnsafeMutablePointer<Float>, _ start: UnsafeRawPointer, _ lines: Int
    ) {
        var request = start
        let (a0, a1) = (Vector(repeating: attention[0] * position), Vector(repeating: attention[1] * position))
        let (a2, a3) = (Vector(repeating: attention[2] * position), Vector(repeating: attention[3] * position))
        var source = place &* 4
        var row = target
        var lane = 0
        while lane < length {
            var left = lines
            while left > 0 {
                fovea_prefetch(request)
                request += 64
                left &-= 1
            }
            var column = 0
            while column < width {
                var sum = Weights.load(kernels, source, column, width) * a0
                sum = multiplyAdd(sum, a1, Weights.load(kernels, source &+ width, column, width))
                sum = multiplyAdd(sum, a2, Weights.load(kernels, source &+ 2 &* width, column, width))
                sum = multiplyAdd(sum, a3, Weights.load(kernels, source &+ 3 &* width, column, width))
                store(gates.map { sum * $0[lane] } ?? sum, row + column)
                column &+= 16
            }
            source &+= 4 &* width
            row += width
            lane &+= 1
        }
    }

    /// One segment's weights of a stored kernel and a generated one.
    @inline(__always)
    private func add(
        _ generated: UnsafePointer<Float>, to kernels: UnsafeRawPointer, _ factor: Float, _ place: Int, _ length: Int, _ width: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        let factor = Vector(repeating: factor)
        var row = 0
        while row < length &* width {
            var column = 0
            while column < width {
                let sum = multiplyAdd(
                    load(generated + (place &+ row &+ column)), factor, Weights.load(kernels, place &+ row, column, width))
                store(sum, target + (row &+ column))
                column &+= 16
            }
            row &+= width
        }
    }

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
                    let first = place &* kernelCount
                    sum = Weights.load(kernels, first, column, width) * (attention?[0] ?? 1)
                    var kernel = 1
                    while kernel < kernelCount, let attention {
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
