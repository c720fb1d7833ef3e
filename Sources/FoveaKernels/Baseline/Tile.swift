import CFoveaProcessor

/// A tile of a matrix product in registers: some rows, neighbouring positions or pictures, times a panel's 32 or 16 outputs.
///
/// The tile's size follows from the registers: 12×32 fills 24 of AVX-512's 32, 6×16 12 of AVX2's 16, 3×16 12 of SSE's 16. Each sum runs
/// over the depth in one order, whatever the tile it falls into.
enum Tile<Weights: PanelWeights> {
    #if FOVEA_AVX512
    static var rows: Int { 12 }
    #elseif FOVEA_AVX2
    static var rows: Int { 6 }
    #else
    static var rows: Int { 3 }
    #endif

    /// One operand of a product: segments of neighbouring numbers, for each row one behind the other.
    struct Rows {
        /// [segment, row, 16]
        var start: UnsafePointer<Float>
        /// From one segment to the next.
        var stride: Int
        /// Segments, and the numbers that count of each, at most 16.
        var segments: Int
        var length: Int

        /// Products that each row sums.
        @inline(__always) var depth: Int { segments &* length }
    }

    /// Memory that will be read after the product: some cache lines of it are asked for in each step over the depth.
    struct Ahead {
        var start: UnsafeRawPointer
        var lines: Int
    }

    /// The result: [block of 16 outputs, row, 16].
    struct Target {
        var start: UnsafeMutablePointer<Float>
        /// From one block of outputs to the next.
        var stride: Int
        /// Whether the product joins what is there.
        var adds: Bool
    }

    /// Multiplies `rows` rows, as many as there are, in tiles of even height.
    @inline(__always)
    static func multiply(_ count: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: Target, ahead: Ahead? = nil) {
        let tiles = (count &+ rows &- 1) / rows
        let (height, taller) = (count / max(tiles, 1), count % max(tiles, 1))
        var (a, c) = (a, c)
        // Each tile asks for its share, so that memory is never idle.
        var ahead = ahead ?? Ahead(start: panel, lines: 0)
        ahead.lines = (ahead.lines &+ tiles &- 1) / max(tiles, 1)
        let share = a.depth &* ahead.lines &* 64
        for tile in 0..<tiles {
            let rows = tile < taller ? height &+ 1 : height
            multiplyTile(rows, a, panel, width: width, c, ahead)
            ahead.start += share
            a.start += rows &* 16
            c.start += rows &* 16
        }
    }

    @inline(never)
    private static func multiplyTile(_ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: Target, _ ahead: Ahead) {
        #if FOVEA_AVX512
        if width == 32 {
            wide(rows, a, panel, c, ahead)
        } else {
            narrow(rows, a, panel, width, 0, c, ahead)
        }
        #else
        narrow(rows, a, panel, width, 0, c, ahead)
        if width == 32 { narrow(rows, a, panel, width, 16, c, Ahead(start: panel, lines: 0)) }
        #endif
    }

    #if FOVEA_AVX512
    @inline(__always)
    private static func wide(_ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ c: Target, _ ahead: Ahead) {
        switch rows {
        case 1: body(1, true, a, panel, 32, 0, c, ahead)
        case 2: body(2, true, a, panel, 32, 0, c, ahead)
        case 3: body(3, true, a, panel, 32, 0, c, ahead)
        case 4: body(4, true, a, panel, 32, 0, c, ahead)
        case 5: body(5, true, a, panel, 32, 0, c, ahead)
        case 6: body(6, true, a, panel, 32, 0, c, ahead)
        case 7: body(7, true, a, panel, 32, 0, c, ahead)
        case 8: body(8, true, a, panel, 32, 0, c, ahead)
        case 9: body(9, true, a, panel, 32, 0, c, ahead)
        case 10: body(10, true, a, panel, 32, 0, c, ahead)
        case 11: body(11, true, a, panel, 32, 0, c, ahead)
        default: body(12, true, a, panel, 32, 0, c, ahead)
        }
    }
    #endif

    @inline(__always)
    private static func narrow(_ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ width: Int, _ column: Int, _ c: Target, _ ahead: Ahead)
    {
        switch rows {
        case 1: body(1, false, a, panel, width, column, c, ahead)
        case 2: body(2, false, a, panel, width, column, c, ahead)
        #if FOVEA_BASELINE
        default: body(3, false, a, panel, width, column, c, ahead)
        #else
        case 3: body(3, false, a, panel, width, column, c, ahead)
        case 4: body(4, false, a, panel, width, column, c, ahead)
        case 5: body(5, false, a, panel, width, column, c, ahead)
        #if FOVEA_AVX2
        default: body(6, false, a, panel, width, column, c, ahead)
        #else
        case 6: body(6, false, a, panel, width, column, c, ahead)
        case 7: body(7, false, a, panel, width, column, c, ahead)
        case 8: body(8, false, a, panel, width, column, c, ahead)
        case 9: body(9, false, a, panel, width, column, c, ahead)
        case 10: body(10, false, a, panel, width, column, c, ahead)
        case 11: body(11, false, a, panel, width, column, c, ahead)
        default: body(12, false, a, panel, width, column, c, ahead)
        #endif
        #endif
        }
    }

    /// Inlined with constant `rows` and `wide`: what a smaller tile lacks is not there. Every sum is a variable of its own, since only those
    /// are sure to live in registers.
    @inline(__always)
    private static func body(
        _ rows: Int, _ wide: Bool, _ a: Rows, _ panel: UnsafeRawPointer, _ width: Int, _ column: Int, _ c: Target,
        _ ahead: Ahead
    ) {
        var (x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11) = (
            Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector()
        )
        var (y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, y10, y11) = (
            Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector(), Vector()
        )
        var weight = column
        var line = ahead.start
        var segment = 0
        while segment < a.segments {
            let row = a.start + segment &* a.stride
            var k = 0
            while k < a.length {
                let u = Weights.load(panel, weight)
                let v = wide ? Weights.load(panel, weight &+ 16) : u
                let factor = row + k
                if rows > 0 { join(wide, &x0, &y0, factor[0], u, v) }
                if rows > 1 { join(wide, &x1, &y1, factor[16], u, v) }
                if rows > 2 { join(wide, &x2, &y2, factor[32], u, v) }
                if rows > 3 { join(wide, &x3, &y3, factor[48], u, v) }
                if rows > 4 { join(wide, &x4, &y4, factor[64], u, v) }
                if rows > 5 { join(wide, &x5, &y5, factor[80], u, v) }
                if rows > 6 { join(wide, &x6, &y6, factor[96], u, v) }
                if rows > 7 { join(wide, &x7, &y7, factor[112], u, v) }
                if rows > 8 { join(wide, &x8, &y8, factor[128], u, v) }
                if rows > 9 { join(wide, &x9, &y9, factor[144], u, v) }
                if rows > 10 { join(wide, &x10, &y10, factor[160], u, v) }
                if rows > 11 { join(wide, &x11, &y11, factor[176], u, v) }
                var asked = 0
                while asked < ahead.lines {
                    fovea_prefetch(line)
                    line += 64
                    asked &+= 1
                }
                weight &+= width
                k &+= 1
            }
            segment &+= 1
        }
        let target = c.start + column / 16 &* c.stride
        if rows > 0 { write(wide, x0, y0, target + 0, c) }
        if rows > 1 { write(wide, x1, y1, target + 16, c) }
        if rows > 2 { write(wide, x2, y2, target + 32, c) }
        if rows > 3 { write(wide, x3, y3, target + 48, c) }
        if rows > 4 { write(wide, x4, y4, target + 64, c) }
        if rows > 5 { write(wide, x5, y5, target + 80, c) }
        if rows > 6 { write(wide, x6, y6, target + 96, c) }
        if rows > 7 { write(wide, x7, y7, target + 112, c) }
        if rows > 8 { write(wide, x8, y8, target + 128, c) }
        if rows > 9 { write(wide, x9, y9, target + 144, c) }
        if rows > 10 { write(wide, x10, y10, target + 160, c) }
        if rows > 11 { write(wide, x11, y11, target + 176, c) }
    }

    @inline(__always)
    private static func join(_ wide: Bool, _ x: inout Vector, _ y: inout Vector, _ factor: Float, _ u: Vector, _ v: Vector) {
        x = multiplyAdd(x, factor, u)
        if wide { y = multiplyAdd(y, factor, v) }
    }

    @inline(__always)
    private static func write(_ wide: Bool, _ x: Vector, _ y: Vector, _ target: UnsafeMutablePointer<Float>, _ c: Target) {
        store(c.adds ? load(target) + x : x, target)
        if wide { store(c.adds ? load(target + c.stride) + y : y, target + c.stride) }
    }
}
