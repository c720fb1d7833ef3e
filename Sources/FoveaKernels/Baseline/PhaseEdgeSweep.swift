#if !FOVEA_BASELINE
/// One sweep of `PhaseSums` over what is at infinity along one axis: the other axis' four points, and the one at infinity along both if it is the row that
/// is at infinity.
///
/// The number of tiles is the type's, and whether it is the row. Every sum is a variable of its own. `TileSums` tells why.
enum PhaseEdgeSweep<Weights: PanelWeights, let tiles: Int, let isRow: Int> {
    @inline(never)
    static func run(_ work: FewTiles) {
        // As `PhasePieces.strides` has it, so that where the tiles lie is known beforehand.
        let (step, phase) = ((8 &* tiles | 1) &* 16, tiles &* 16)
        // The first point, and how far it is to the next.
        let (point, next) = isRow == 1 ? (20, 1) : (4, 5)
        let v = work.tiles + point &* step
        let (p0, stride) = (work.sums + point &* work.sumStride, next &* work.sumStride)
        let (p1, p2, p3, p4) = (p0 + stride, p0 + 2 &* stride, p0 + 3 &* stride, p0 + 4 &* stride)
        // From one point's tiles to the next one's, and to the odd phase's.
        let (far, odd) = (next &* step, isRow == 1 ? phase : 2 &* phase)
        var (a0, a1, a2, a3) = (Register(), Register(), Register(), Register())
        var (b0, b1, b2, b3) = (Register(), Register(), Register(), Register())
        var (c0, c1, c2, c3) = (Register(), Register(), Register(), Register())
        var (d0, d1, d2, d3) = (Register(), Register(), Register(), Register())
        var (e0, e1, e2, e3) = (Register(), Register(), Register(), Register())
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
            if tiles > 0, isRow == 1 { e0 = loadRegister(p4 + 0) }
            if tiles > 1, isRow == 1 { e1 = loadRegister(p4 + 16) }
            if tiles > 2, isRow == 1 { e2 = loadRegister(p4 + 32) }
            if tiles > 3, isRow == 1 { e3 = loadRegister(p4 + 48) }
        }
        let (channels, width, column) = (work.length, work.width, work.column)
        let tap = channels &* width
        // The last row's filters or the last column's.
        let (start, distance) = isRow == 1 ? (6 &* tap, tap) : (2 &* tap, 3 &* tap)
        var (left, right) = (start, start &+ 2 &* distance)
        var k = 0
        while k < channels {
            let y = Weights.loadRegister(work.filters, right, column, width)
            let u = WinogradPhaseTransform.filter(Weights.loadRegister(work.filters, left, column, width), y)
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (0)], u.0) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (16)], u.0) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (32)], u.0) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (48)], u.0) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (far &+ 0)], u.1) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (far &+ 16)], u.1) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (far &+ 32)], u.1) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (far &+ 48)], u.1) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* far &+ 0)], u.2) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* far &+ 16)], u.2) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* far &+ 32)], u.2) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* far &+ 48)], u.2) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* far &+ 0)], u.3) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* far &+ 16)], u.3) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* far &+ 32)], u.3) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* far &+ 48)], u.3) }
            if tiles > 0, isRow == 1 { e0 = multiplyAdd(e0, v[k &+ (4 &* far &+ 0)], y) }
            if tiles > 1, isRow == 1 { e1 = multiplyAdd(e1, v[k &+ (4 &* far &+ 16)], y) }
            if tiles > 2, isRow == 1 { e2 = multiplyAdd(e2, v[k &+ (4 &* far &+ 32)], y) }
            if tiles > 3, isRow == 1 { e3 = multiplyAdd(e3, v[k &+ (4 &* far &+ 48)], y) }
            left &+= width
            right &+= width
            k &+= 1
        }
        var centre = start &+ distance
        k = 0
        while k < channels {
            let u = Weights.loadRegister(work.filters, centre, column, width)
            if tiles > 0 { a0 = multiplyAdd(a0, v[k &+ (odd &+ 0)], u) }
            if tiles > 1 { a1 = multiplyAdd(a1, v[k &+ (odd &+ 16)], u) }
            if tiles > 2 { a2 = multiplyAdd(a2, v[k &+ (odd &+ 32)], u) }
            if tiles > 3 { a3 = multiplyAdd(a3, v[k &+ (odd &+ 48)], u) }
            if tiles > 0 { b0 = multiplyAdd(b0, v[k &+ (far &+ odd &+ 0)], u) }
            if tiles > 1 { b1 = multiplyAdd(b1, v[k &+ (far &+ odd &+ 16)], u) }
            if tiles > 2 { b2 = multiplyAdd(b2, v[k &+ (far &+ odd &+ 32)], u) }
            if tiles > 3 { b3 = multiplyAdd(b3, v[k &+ (far &+ odd &+ 48)], u) }
            if tiles > 0 { c0 = multiplyAdd(c0, v[k &+ (2 &* far &+ odd &+ 0)], u) }
            if tiles > 1 { c1 = multiplyAdd(c1, v[k &+ (2 &* far &+ odd &+ 16)], u) }
            if tiles > 2 { c2 = multiplyAdd(c2, v[k &+ (2 &* far &+ odd &+ 32)], u) }
            if tiles > 3 { c3 = multiplyAdd(c3, v[k &+ (2 &* far &+ odd &+ 48)], u) }
            if tiles > 0 { d0 = multiplyAdd(d0, v[k &+ (3 &* far &+ odd &+ 0)], u) }
            if tiles > 1 { d1 = multiplyAdd(d1, v[k &+ (3 &* far &+ odd &+ 16)], u) }
            if tiles > 2 { d2 = multiplyAdd(d2, v[k &+ (3 &* far &+ odd &+ 32)], u) }
            if tiles > 3 { d3 = multiplyAdd(d3, v[k &+ (3 &* far &+ odd &+ 48)], u) }
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
        if tiles > 0, isRow == 1 { store(e0, p4 + 0) }
        if tiles > 1, isRow == 1 { store(e1, p4 + 16) }
        if tiles > 2, isRow == 1 { store(e2, p4 + 32) }
        if tiles > 3, isRow == 1 { store(e3, p4 + 48) }
    }
}
#endif
