import CFoveaProcessor
import FoveaCompute

/// Linear layers: for one picture bound by the speed at which weights stream from memory, for a batch one stream for all.
enum LinearKernel<Weights: PanelWeights> {
    static func run(_ step: LinearProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation]) {
        let panels = step.panels
        let blocks = (panels.number + step.panelsPerBlock - 1) / step.panelsPerBlock
        let weights = UnsafeRawPointer(pass.read(weight, 0))
        pass.lane.forEach(blocks) { block, scratch in
            let range = block &* step.panelsPerBlock..<min((block &+ 1) &* step.panelsPerBlock, panels.number)
            let sums = scratch + Pass.mostPictures &* LinearProduct.chunk
            multiply(step, pass, x, weights, range, gathered: scratch, to: sums)
            for picture in 0..<pass.count {
                finish(step, pass, picture, range, sums + picture &* 16, operations)
                write(step, range, sums + picture &* 16, pass.count, to: pass.arena(picture) + y)
            }
            if step.isLong { fovea_fence_stores() }
        }
    }

    /// The sums of some panels: [block of 16 outputs, picture, 16].
    @inline(__always)
    private static func multiply(
        _ step: LinearProduct, _ pass: Pass, _ x: Place, _ weights: UnsafeRawPointer, _ range: Range<Int>,
        gathered: UnsafeMutablePointer<Float>, to sums: UnsafeMutablePointer<Float>
    ) {
        if pass.count == 1 {
            // One after the other, as they lie in memory.
            let vector = pass.read(x, 0)
            for panel in range {
                var depth = 0
                while depth < step.inputs {
                    depth &+= multiply(step, vector + depth, 1, weights, panel, depth, to: sums + (panel &- range.lowerBound) &* 32)
                }
            }
            return
        }
        let rows = pass.count
        var depth = 0
        while depth < step.inputs {
            let count = step.stretch(at: depth).count
            for picture in 0..<rows { gather(pass.read(x, picture) + depth, count, to: gathered + picture &* 16, stride: rows &* 16) }
            for panel in range {
                let target = sums + (panel &- range.lowerBound) &* 2 &* rows &* 16
                _ = multiply(step, UnsafePointer(gathered), rows, weights, panel, depth, to: target)
            }
            depth &+= count
        }
    }

    /// Sums one stretch of the depth for one panel; returns its length.
    @inline(__always)
    private static func multiply(
        _ step: LinearProduct, _ x: UnsafePointer<Float>, _ rows: Int, _ weights: UnsafeRawPointer, _ panel: Int, _ depth: Int,
        to sums: UnsafeMutablePointer<Float>
    ) -> Int {
        let (segments, length, count) = step.stretch(at: depth)
        let width = step.panels.width(panel)
        let start = weights + (step.panels.start(panel) &+ depth &* width) &* Weights.size
        let bytes = width &* Weights.size
        Tile<Weights>.multiply(
            rows, TileRows(start: x, stride: rows &* 16, segments: segments, length: length), start, width: width,
            TileTarget(start: sums, stride: rows &* 16, adds: depth > 0),
            ahead: Ahead(start: start + 8 &* bytes &* 16, bytes: count &* bytes))
        return count
    }

    /// Copies a stretch of a vector into rows that lie beside the other pictures'.
    private static func gather(_ x: UnsafePointer<Float>, _ count: Int, to rows: UnsafeMutablePointer<Float>, stride: Int) {
        var index = 0
        while index &+ 16 <= count {
            store(load(x + index), rows + index / 16 &* stride)
            index &+= 16
        }
        let row = rows + index / 16 &* stride
        let start = index
        while index < count {
            row[index &- start] = x[index]
            index &+= 1
        }
    }

    /// Applies the operations to one picture's sums.
    @inline(__always)
    private static func finish(
        _ step: LinearProduct, _ pass: Pass, _ picture: Int, _ range: Range<Int>, _ sums: UnsafeMutablePointer<Float>,
        _ operations: [MapOperation]
    ) {
        guard !operations.isEmpty else { return }
        let blocks = range.lowerBound &* 2..<min(range.upperBound &* 2, step.panels.stored / 16)
        operations.apply(pass, picture, vector: sums, stride: pass.count &* 16, blocks: blocks)
    }

    /// Copies one picture's sums to its vector, and nothing behind the vector's end.
    private static func write(
        _ step: LinearProduct, _ range: Range<Int>, _ sums: UnsafeMutablePointer<Float>, _ rows: Int, to y: UnsafeMutablePointer<Float>
    ) {
        var output = range.lowerBound &* 32
        let end = min(range.upperBound &* 32, step.outputs)
        var sum = sums
        let isPastCaches = step.isLong && UInt(bitPattern: y) & 63 == 0
        while output &+ 16 <= end {
            if isPastCaches { fovea_store_past_caches(sum, y + output) } else { store(load(sum), y + output) }
            sum += rows &* 16
            output &+= 16
        }
        let start = output
        while output < end {
            y[output] = sum[output &- start]
            output &+= 1
        }
    }
}

extension LinearProduct {
    /// Whether so many numbers come out, a generated kernel's, that they had better leave the caches to the weights that go by: who reads them would find few
    /// of them there.
    @inline(__always)
    fileprivate var isLong: Bool { outputs >= 1 << 16 }

    /// A stretch of the depth that is summed before it joins the sums: whole segments of 16, or what is left behind them.
    @inline(__always)
    fileprivate func stretch(at depth: Int) -> (segments: Int, length: Int, count: Int) {
        let left = inputs &- depth
        if left < 16 { return (1, left, left) }
        let segments = min(left / 16, Self.chunk / 16)
        return (segments, 16, segments &* 16)
    }
}
