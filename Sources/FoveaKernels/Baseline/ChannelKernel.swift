import FoveaCompute

/// Sums, means and maxima over the channels of each position: from a blocked map to row-major ones.
///
/// Four positions are worked on together, each in a vector of its own; behind the map's end, its last position is read again.
struct ChannelKernel {
    private let area: Int
    private let wholeBlocks: Int
    /// Channels of a last block that is not whole, and its lanes that hold them; the others do not count.
    private let rest: Int
    private let counts: VectorMask
    /// Positions of a block of work.
    private let positions: Int

    private init(channels: Int, area: Int) {
        self.area = area
        (wholeBlocks, rest) = channels.quotientAndRemainder(dividingBy: 16)
        counts = Vector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) .< Vector(repeating: Float(rest))
        // Near 64 kB, and never less than a kilobyte from each block of channels.
        positions = max(16, (1024 / Blocked.blocks(channels)).roundedUp(to: 4))
    }

    static func run(_ step: ChannelProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation]) {
        let kernel = ChannelKernel(channels: step.channels, area: step.area)
        let depth = Blocked.blocks(step.channels) &* 16
        pass.forEach(blocks: kernel.blocks) { picture, block, _ in
            let (map, weights) = (pass.read(x, picture), pass.read(weight, picture))
            let (start, end) = (block &* kernel.positions, min((block &+ 1) &* kernel.positions, step.area))
            let result = pass.arena(picture) + y
            var position = start
            while position < end {
                var output = 0
                while output < step.outputs {
                    let products = kernel.products(map, weights + output &* depth, position)
                    store(products, result + output &* step.area + position, count: end &- position)
                    output &+= 1
                }
                position &+= 4
            }
            var output = 0
            while output < step.outputs {
                operations.apply(pass, picture, result, output &* step.area &+ start, output &* step.area &+ end)
                output &+= 1
            }
        }
    }

    static func run(_ step: ChannelReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation]) {
        let kernel = ChannelKernel(channels: step.channels, area: step.area)
        let count = Quad(repeating: Float(step.channels))
        pass.forEach(blocks: kernel.blocks) { picture, block, _ in
            let map = pass.read(x, picture)
            let (start, end) = (block &* kernel.positions, min((block &+ 1) &* kernel.positions, step.area))
            let result = pass.arena(picture) + y
            var position = start
            while position < end {
                let values = step.reduction == .mean ? kernel.sums(map, position) / count : kernel.maxima(map, position)
                store(values, result + position, count: end &- position)
                position &+= 4
            }
            operations.apply(pass, picture, result, start, end)
        }
    }

    // MARK: -

    private var blocks: Int { (area &+ positions &- 1) / positions }

    private func products(_ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ position: Int) -> Quad {
        reduce(x, position, start: 0, over: { multiplyAdd($0, load(weights + $2 &* 16), $1) }, across: { $0 + $1 })
    }

    private func sums(_ x: UnsafePointer<Float>, _ position: Int) -> Quad {
        reduce(x, position, start: 0, over: { sum, value, _ in sum + value }, across: { $0 + $1 })
    }

    private func maxima(_ x: UnsafePointer<Float>, _ position: Int) -> Quad {
        reduce(x, position, start: -.infinity, over: { largest, value, _ in larger(largest, value) }, across: { larger($0, $1) })
    }

    /// Reduces four positions: over the blocks, then across the lanes.
    ///
    /// - Parameter start: takes the place of lanes behind the last channel too
    @inline(__always)
    private func reduce(
        _ x: UnsafePointer<Float>, _ position: Int, start: Float, over: (Vector, Vector, Int) -> Vector, across: (Quad, Quad) -> Quad
    ) -> Quad {
        let last = area &- 1
        var (x0, x1) = (x + position &* 16, x + min(position &+ 1, last) &* 16)
        var (x2, x3) = (x + min(position &+ 2, last) &* 16, x + min(position &+ 3, last) &* 16)
        let empty = Vector(repeating: start)
        var (a, b, c, d) = (empty, empty, empty, empty)
        var block = 0
        while block < wholeBlocks {
            a = over(a, load(x0), block)
            b = over(b, load(x1), block)
            c = over(c, load(x2), block)
            d = over(d, load(x3), block)
            x0 += area &* 16
            x1 += area &* 16
            x2 += area &* 16
            x3 += area &* 16
            block &+= 1
        }
        if rest > 0 {
            a = over(a, select(counts, load(x0), empty), block)
            b = over(b, select(counts, load(x1), empty), block)
            c = over(c, select(counts, load(x2), empty), block)
            d = over(d, select(counts, load(x3), empty), block)
        }
        let columns = transpose(fold(a, across), fold(b, across), fold(c, across), fold(d, across))
        return across(across(columns.0, columns.1), across(columns.2, columns.3))
    }

    @inline(__always)
    private func fold(_ v: Vector, _ across: (Quad, Quad) -> Quad) -> Quad {
        across(across(v.lowHalf.lowHalf, v.lowHalf.highHalf), across(v.highHalf.lowHalf, v.highHalf.highHalf))
    }
}
