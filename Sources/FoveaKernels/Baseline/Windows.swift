import FoveaCompute

/// A stretch of a convolution's depth: segments of one length.
struct Chunk {
    /// The first segment, counted over blocks of channels and the window's positions.
    var segment: Int
    var segments: Int
    /// Channels of each segment.
    var length: Int
    /// The element of the depth that it starts with.
    var depth: Int

    /// Elements of the depth.
    @inline(__always) var count: Int { segments &* length }
}

extension ProductConvolution {
    /// - Parameter segments: of a chunk, at most
    @inline(__always)
    func forEachChunk(_ segments: Int = ProductConvolution.segments, _ body: (Chunk) -> Void) {
        let taps = geometry.window.kernel.area
        let channels = geometry.inputsPerGroup
        let (whole, rest) = (channels / 16 &* taps, channels % 16)
        var segment = 0
        while segment < whole {
            let count = min(segments, whole &- segment)
            body(Chunk(segment: segment, segments: count, length: 16, depth: segment &* 16))
            segment &+= count
        }
        guard rest > 0 else { return }
        let end = whole &+ taps
        while segment < end {
            let count = min(segments, end &- segment)
            body(Chunk(segment: segment, segments: count, length: rest, depth: whole &* 16 &+ (segment &- whole) &* rest))
            segment &+= count
        }
    }
}

/// The windows of some output positions of one picture.
struct Windows {
    private let window: WindowGeometry
    private let isDirect: Bool
    /// Whether the map is larger than what an outer cache has for it beside the weights.
    private let isFar: Bool
    private let input: UnsafePointer<Float>
    private let positions: Range<Int>
    /// Factors of the input channels.
    private let gates: UnsafePointer<Float>?

    init(_ step: ProductConvolution, _ input: UnsafePointer<Float>, _ positions: Range<Int>, gates: UnsafePointer<Float>? = nil) {
        window = step.geometry.window
        isDirect = step.isDirect
        isFar = step.geometry.inputsPerGroup &* step.geometry.inputArea >= 1 << 17
        self.input = input
        self.positions = positions
        self.gates = gates
    }

    /// The chunk's rows: where they lie in the map, or gathered into `scratch`.
    @inline(__always)
    func rows(_ chunk: Chunk, _ scratch: UnsafeMutablePointer<Float>) -> TileRows {
        if isDirect { return mapped(chunk) }
        gather(chunk.segment..<chunk.segment &+ chunk.segments, to: scratch)
        return TileRows(
            start: UnsafePointer(scratch), stride: positions.count &* 16, segments: chunk.segments, length: chunk.length)
    }

    /// The chunk's rows of a 1×1 window, where they lie in the map.
    @inline(__always)
    func mapped(_ chunk: Chunk) -> TileRows {
        let area = window.input.area
        let start = input + (chunk.segment &* area &+ positions.lowerBound) &* 16
        return TileRows(start: start, stride: area &* 16, segments: chunk.segments, length: chunk.length, isFar: isFar)
    }

    /// Copies some segments, [segment, position, 16].
    func gather(_ segments: Range<Int>, to rows: UnsafeMutablePointer<Float>) {
        for index in 0..<segments.count {
            gather(segments.lowerBound &+ index, to: rows + index &* positions.count &* 16)
        }
    }

    /// Copies one block of channels at one position of the window, for every output position; padding is zero.
    private func gather(_ segment: Int, to rows: UnsafeMutablePointer<Float>) {
        let (input, output, stride) = (window.input, window.output, window.stride.width)
        let (block, tap) = segment.quotientAndRemainder(dividingBy: window.kernel.area)
        let (ky, kx) = tap.quotientAndRemainder(dividingBy: window.kernel.width)
        let map = self.input + block &* input.area &* 16
        let gate = gates.map { load($0 + block &* 16) }
        let (inside, shift) = window.columns(at: kx)

        var (oy, ox) = positions.lowerBound.quotientAndRemainder(dividingBy: output.width)
        var row = rows
        var left = positions.count
        while left > 0 {
            let end = min(output.width, ox &+ left)
            left &-= end &- ox
            let iy = oy &* window.stride.height &- window.padding.height &+ ky &* window.dilation.height
            let isInside = iy >= 0 && iy < input.height
            let (from, to) = isInside ? (min(max(inside.lowerBound, ox), end), min(max(inside.upperBound, ox), end)) : (end, end)
            while ox < from {
                store(Vector(), row)
                row += 16
                ox &+= 1
            }
            var source = map + (iy &* input.width &+ shift &+ ox &* stride) &* 16
            while ox < to {
                store(gate.map { load(source) * $0 } ?? load(source), row)
                source += stride &* 16
                row += 16
                ox &+= 1
            }
            while ox < end {
                store(Vector(), row)
                row += 16
                ox &+= 1
            }
            ox = 0
            oy &+= 1
        }
    }
}
