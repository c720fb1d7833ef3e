import CFoveaProcessor

/// The sums of one tile, `rows` times one or two vectors of 16 outputs.
///
/// Both numbers are the type's, so that each tile is a function of its own without a branch in its loop. Every sum is a variable of its own,
/// since only those are sure to live in registers; what a smaller tile lacks is never used.
enum TileSums<Weights: PanelWeights, Rows: TileOperand, let rows: Int, let columns: Int> {
    /// - Parameter column: of the panel's outputs, the first
    @inline(never)
    static func run(
        _ a: Rows, _ panel: UnsafeRawPointer, _ width: Int, _ column: Int, _ c: TileTarget,
        _ requests: AheadRequests
    ) {
        var (x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11) = (
            Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector()
        )
        var (y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11) = (
            Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector()
        )
        let d = a.distance
        let target = c.start + column / 16 &* c.stride
        if rows >= 4, a.isFar, c.adds {
            ask(for: rows, at: UnsafePointer(target), apart: 16)
            if columns == 2 { ask(for: rows, at: UnsafePointer(target + c.stride), apart: 16) }
        }
        var weight = 0
        var line = requests.start
        var segment = 0
        while segment < a.segments {
            let row = a.row(segment)
            weight = a.weight(segment, next: weight)
            // Those of the next tile.
            if rows >= 4, a.isFar { ask(for: rows, at: row + rows &* d, apart: d) }
            var k = 0
            while k < a.length {
                // First, since what is loaded before a loop would have to be kept in registers over it.
                requests.ask(in: k, from: &line)
                let u = columns == 2 ? Weights.load(panel, weight, 0, 32) : Weights.load(panel, weight, column, width)
                let v = columns == 2 ? Weights.load(panel, weight, 16, 32) : u
                let factor = row + k
                if rows > 0 { join(&x0, &y0, factor[0], u, v) }
                if rows > 1 { join(&x1, &y1, factor[d], u, v) }
                if rows > 2 { join(&x2, &y2, factor[2 &* d], u, v) }
                if rows > 3 { join(&x3, &y3, factor[3 &* d], u, v) }
                if rows > 4 { join(&x4, &y4, factor[4 &* d], u, v) }
                if rows > 5 { join(&x5, &y5, factor[5 &* d], u, v) }
                if rows > 6 { join(&x6, &y6, factor[6 &* d], u, v) }
                if rows > 7 { join(&x7, &y7, factor[7 &* d], u, v) }
                if rows > 8 { join(&x8, &y8, factor[8 &* d], u, v) }
                if rows > 9 { join(&x9, &y9, factor[9 &* d], u, v) }
                if rows > 10 { join(&x10, &y10, factor[10 &* d], u, v) }
                if rows > 11 { join(&x11, &y11, factor[11 &* d], u, v) }
                weight &+= width
                k &+= 1
            }
            segment &+= 1
        }
        if rows > 0 { write(x0, y0, target + 0, c) }
        if rows > 1 { write(x1, y1, target + 16, c) }
        if rows > 2 { write(x2, y2, target + 32, c) }
        if rows > 3 { write(x3, y3, target + 48, c) }
        if rows > 4 { write(x4, y4, target + 64, c) }
        if rows > 5 { write(x5, y5, target + 80, c) }
        if rows > 6 { write(x6, y6, target + 96, c) }
        if rows > 7 { write(x7, y7, target + 112, c) }
        if rows > 8 { write(x8, y8, target + 128, c) }
        if rows > 9 { write(x9, y9, target + 144, c) }
        if rows > 10 { write(x10, y10, target + 160, c) }
        if rows > 11 { write(x11, y11, target + 176, c) }
    }

    /// Asks for some lines.
    @inline(__always)
    private static func ask(for lines: Int, at start: UnsafePointer<Float>, apart: Int) {
        var line = 0
        while line < lines {
            fovea_prefetch(start + line &* apart)
            line &+= 1
        }
    }

    @inline(__always)
    private static func join(_ x: inout Vector, _ y: inout Vector, _ factor: Float, _ u: Vector, _ v: Vector) {
        x = multiplyAdd(x, factor, u)
        if columns == 2 { y = multiplyAdd(y, factor, v) }
    }

    @inline(__always)
    private static func write(_ x: Vector, _ y: Vector, _ target: UnsafeMutablePointer<Float>, _ c: TileTarget) {
        store(c.adds ? load(target) + x : x, target)
        if columns == 2 { store(c.adds ? load(target + c.stride) + y : y, target + c.stride) }
    }
}
