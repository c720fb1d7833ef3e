import FoveaCompute

/// Means and maxima over all positions of a blocked map.
enum PositionReductionKernel {
    static func run(_ step: PositionReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        // Each block of channels is summed in one go, whatever the threads.
        let cut = MapCut(blocks: Blocked.blocks(step.channels), rows: 1, cost: step.area)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (map, result) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, _, _ in
                let source = map + block &* step.area &* 16
                store(step.reduction == .mean ? mean(source, step.area) : maximum(source, step.area), result + block &* 16)
                operations.apply(pass, picture, result, blocks: block..<block &+ 1, 0..<1, 1)
            }
        }
    }

    /// The mean of each lane over the `area` vectors at `x`.
    static func mean(_ x: UnsafePointer<Float>, _ area: Int) -> Vector {
        var sums = LaneSums()
        var start = 0
        while start < area {
            let end = min(start &+ LaneSums.stretch, area)
            sums.add(sum(x, start, end))
            start = end
        }
        let count = SIMD4(repeating: Double(area))
        return sums.map { $0 / count }
    }

    @inline(__always)
    private static func sum(_ x: UnsafePointer<Float>, _ start: Int, _ end: Int) -> Vector {
        // Several sums at once: one alone would wait for each addition.
        var (a, b, c, d) = (Vector(), Vector(), Vector(), Vector())
        var position = start
        while position &+ 4 <= end {
            let source = x + position &* 16
            a += load(source)
            b += load(source + 16)
            c += load(source + 32)
            d += load(source + 48)
            position &+= 4
        }
        while position < end {
            a += load(x + position &* 16)
            position &+= 1
        }
        return (a + b) + (c + d)
    }

    private static func maximum(_ x: UnsafePointer<Float>, _ area: Int) -> Vector {
        var (a, b) = (Vector(repeating: -.infinity), Vector(repeating: -.infinity))
        var position = 0
        while position &+ 2 <= area {
            let source = x + position &* 16
            a = larger(a, load(source))
            b = larger(b, load(source + 16))
            position &+= 2
        }
        if position < area { a = larger(a, load(x + position &* 16)) }
        return larger(a, b)
    }
}
