#if !FOVEA_BASELINE
import CFoveaProcessor

/// One sweep of `PhaseSums` over a row of points that is not at infinity, without its last point, which is.
///
/// The number of tiles is the type's. Every sum is a variable of its own. `TileSums` tells why.
enum PhaseSweep<Weights: PanelWeights, let tiles: Int> {
    /// - Parameter row: 0 to 3
    @inline(never)
    static func run(_ work: FewTiles, row: Int, _ requests: AheadRequests) {
        // As `PhasePieces.strides` has it, so that where the tiles lie is known beforehand.
        let (step, phase) = ((8 &* tiles | 1) &* 16, tiles &* 16)
        let point = 5 &* row
        let v = work.tiles + point &* step
        let (p0, stride) = (work.sums + point &* work.sumStride, work.sumStride)
        let (p1, p2, p3) = (p0 + stride, p0 + 2 &* stride, p0 + 3 &* stride)
        var (a0, a1, a2, a3) = (Register(), Register(), Register(), Register())
        var (b0, b1, b2, b3) = (Register(), Register(), Register(), Register())
        var (c0, c1, c2, c3) = (Register(), Register(), Register(), Register())
        var (d0, d1, d2, d3) = (Register(), Register(), Register(), Register())
        if work.continues {
            if tiles > 0 { a0 = loadRegister(p0 + 0) }
            if tiles > 1 { a1 = loadRegister(p0 + 16) }
            if tiles > 2 { a2 = loadRegister(p0 + 32) }
            if tiles > 3 { a3 = loadRegister(p0 + 48) }
            if tiles > 0 { b0 = loadRegister(p1 + 0) }
            if tiles > 1 { b1 = loadRegister(p1 + 16) }
            if tiles > 2 { b2 = loadRegister(p1 + 32) }
            if tiles > 3 { b3 = loadRegister(p1 + 48) }
            if tiles > 0 { c0 = loadRegister(p2 + 0) }
            if tiles > 1 { c1 = loadRegister(p2 + 16) }
            if tiles > 2 { c2 = loadRegister(p2 + 32) }
            if tiles > 3 { c3 = loadRegister(p2 + 48) }
            if tiles > 0 { d0 = loadRegister(p3 + 0) }
            if tiles > 1 { d1 = loadRegister(p3 + 16) }
            if tiles > 2 { d2 = loadRegister(p3 + 32) }
            if tiles > 3 { d3 = loadRegister(p3 + 48) }
        }
        let (channels, width, column) = (work.length, work.width, work.column)
        let tap = channels &* width
        let line = 3 &* tap &* Weights.size
        let (upper, middle, lower) = (work.filters, work.filters + line, work.filters + 2 &* line)
        let value = WinogradPhaseTransform.point(row)
        var request = requests.start
        var (left, right) = (0, 2 &* tap)
        var k = 0
        // Each phase in turn, as the products at a point are summed where tiles are many: the even rows' even columns.
        while k < channels {
            if k & requests.pause == 0 {
                var left = requests.lines
                repeat {
                    fovea_prefetch(request)
                    request += 64
                    left &-= 1
                } while left > 0
            }
            let x = multiplyAdd(
                Weights.loadRegister(upper, left, column, width), value, Weights.loadRegister(lower, left, column, width))
            let y = multiplyAdd(
                Weights.loadRegister(upper, right, column, width), value, Weights.loadRegister(lower, right, column, width))
            let u = WinogradPhaseTransform.filter(x, y)
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (0)], u.0) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (16)], u.0) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (32)], u.0) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (48)], u.0) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (step &+ 0)], u.1) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (step &+ 16)], u.1) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (step &+ 32)], u.1) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (step &+ 48)], u.1) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* step &+ 0)], u.2) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* step &+ 16)], u.2) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* step &+ 32)], u.2) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* step &+ 48)], u.2) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* step &+ 0)], u.3) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* step &+ 16)], u.3) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* step &+ 32)], u.3) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* step &+ 48)], u.3) }
            left &+= width
            right &+= width
            k &+= 1
        }
        // Their odd ones, whose filter is the same at all points.
        var centre = tap
        k = 0
        while k < channels {
            let u = multiplyAdd(
                Weights.loadRegister(upper, centre, column, width), value, Weights.loadRegister(lower, centre, column, width))
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (phase &+ 0)], u) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (phase &+ 16)], u) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (phase &+ 32)], u) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (phase &+ 48)], u) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (step &+ phase &+ 0)], u) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (step &+ phase &+ 16)], u) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (step &+ phase &+ 32)], u) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (step &+ phase &+ 48)], u) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* step &+ phase &+ 0)], u) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* step &+ phase &+ 16)], u) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* step &+ phase &+ 32)], u) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* step &+ phase &+ 48)], u) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* step &+ phase &+ 0)], u) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* step &+ phase &+ 16)], u) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* step &+ phase &+ 32)], u) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* step &+ phase &+ 48)], u) }
            centre &+= width
            k &+= 1
        }
        // The odd rows likewise.
        (left, centre, right) = (0, tap, 2 &* tap)
        k = 0
        while k < channels {
            let u = WinogradPhaseTransform.filter(
                Weights.loadRegister(middle, left, column, width), Weights.loadRegister(middle, right, column, width))
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (2 &* phase &+ 0)], u.0) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (2 &* phase &+ 16)], u.0) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (2 &* phase &+ 32)], u.0) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (2 &* phase &+ 48)], u.0) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (step &+ 2 &* phase &+ 0)], u.1) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (step &+ 2 &* phase &+ 16)], u.1) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (step &+ 2 &* phase &+ 32)], u.1) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (step &+ 2 &* phase &+ 48)], u.1) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* step &+ 2 &* phase &+ 0)], u.2) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* step &+ 2 &* phase &+ 16)], u.2) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* step &+ 2 &* phase &+ 32)], u.2) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* step &+ 2 &* phase &+ 48)], u.2) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* step &+ 2 &* phase &+ 0)], u.3) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* step &+ 2 &* phase &+ 16)], u.3) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* step &+ 2 &* phase &+ 32)], u.3) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* step &+ 2 &* phase &+ 48)], u.3) }
            left &+= width
            right &+= width
            k &+= 1
        }
        k = 0
        while k < channels {
            let u = Weights.loadRegister(middle, centre, column, width)
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (3 &* phase &+ 0)], u) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (3 &* phase &+ 16)], u) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (3 &* phase &+ 32)], u) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (3 &* phase &+ 48)], u) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (step &+ 3 &* phase &+ 0)], u) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (step &+ 3 &* phase &+ 16)], u) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (step &+ 3 &* phase &+ 32)], u) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (step &+ 3 &* phase &+ 48)], u) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* step &+ 3 &* phase &+ 0)], u) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* step &+ 3 &* phase &+ 16)], u) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* step &+ 3 &* phase &+ 32)], u) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* step &+ 3 &* phase &+ 48)], u) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* step &+ 3 &* phase &+ 0)], u) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* step &+ 3 &* phase &+ 16)], u) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* step &+ 3 &* phase &+ 32)], u) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* step &+ 3 &* phase &+ 48)], u) }
            centre &+= width
            k &+= 1
        }
        if tiles > 0 { store(a0, p0 + 0) }
        if tiles > 1 { store(a1, p0 + 16) }
        if tiles > 2 { store(a2, p0 + 32) }
        if tiles > 3 { store(a3, p0 + 48) }
        if tiles > 0 { store(b0, p1 + 0) }
        if tiles > 1 { store(b1, p1 + 16) }
        if tiles > 2 { store(b2, p1 + 32) }
        if tiles > 3 { store(b3, p1 + 48) }
        if tiles > 0 { store(c0, p2 + 0) }
        if tiles > 1 { store(c1, p2 + 16) }
        if tiles > 2 { store(c2, p2 + 32) }
        if tiles > 3 { store(c3, p2 + 48) }
        if tiles > 0 { store(d0, p3 + 0) }
        if tiles > 1 { store(d1, p3 + 16) }
        if tiles > 2 { store(d2, p3 + 32) }
        if tiles > 3 { store(d3, p3 + 48) }
    }
}
#endif
