#if !FOVEA_BASELINE
/// One sweep of `WinogradSums`. It holds six groups of sums: of the six points of a row, or of three points for some of the tiles and again
/// for the others.
///
/// The number of tiles in the groups 0, 2, 4 and in the groups 1, 3, 5 is the type's, as are which points of the row it takes - all, the
/// first or the second half - and whether the row lies between the outer ones. Every sum is a variable of its own. `TileSums` tells why.
enum WinogradSweep<Weights: PanelWeights, let even: Int, let odd: Int, let part: Int, let isInner: Int> {
    @inline(never)
    static func run(_ work: FewTiles, row: Int, _ requests: AheadRequests) {
        let first = 6 &* row &+ (part == 2 ? 3 : 0)
        // As `WinogradConvolution.pointStride` has it, so that where each group's tiles lie is known beforehand.
        let size = ((part == 0 ? even : even &+ odd) | 1) &* 16
        let v = work.tiles + first &* size
        let (p, ps) = (work.sums + first &* work.sumStride, work.sumStride)
        let split = even &* 16
        let (p0, p1) = (p, part == 0 ? p + ps : p + split)
        let (p2, p3) = (part == 0 ? p + 2 &* ps : p + ps, part == 0 ? p + 3 &* ps : p + (ps &+ split))
        let (p4, p5) = (part == 0 ? p + 4 &* ps : p + 2 &* ps, part == 0 ? p + 5 &* ps : p + (2 &* ps &+ split))

        var (a0, a1, a2, a3) = (Register(), Register(), Register(), Register())
        var (b0, b1, b2, b3) = (Register(), Register(), Register(), Register())
        var (c0, c1, c2, c3) = (Register(), Register(), Register(), Register())
        var (d0, d1, d2, d3) = (Register(), Register(), Register(), Register())
        var (e0, e1, e2, e3) = (Register(), Register(), Register(), Register())
        var (f0, f1, f2, f3) = (Register(), Register(), Register(), Register())
        if work.continues {
            if even > 0 { a0 = loadRegister(p0 + 0) }
            if even > 1 { a1 = loadRegister(p0 + 16) }
            if even > 2 { a2 = loadRegister(p0 + 32) }
            if even > 3 { a3 = loadRegister(p0 + 48) }
            if odd > 0 { b0 = loadRegister(p1 + 0) }
            if odd > 1 { b1 = loadRegister(p1 + 16) }
            if odd > 2 { b2 = loadRegister(p1 + 32) }
            if odd > 3 { b3 = loadRegister(p1 + 48) }
            if even > 0 { c0 = loadRegister(p2 + 0) }
            if even > 1 { c1 = loadRegister(p2 + 16) }
            if even > 2 { c2 = loadRegister(p2 + 32) }
            if even > 3 { c3 = loadRegister(p2 + 48) }
            if odd > 0 { d0 = loadRegister(p3 + 0) }
            if odd > 1 { d1 = loadRegister(p3 + 16) }
            if odd > 2 { d2 = loadRegister(p3 + 32) }
            if odd > 3 { d3 = loadRegister(p3 + 48) }
            if even > 0 { e0 = loadRegister(p4 + 0) }
            if even > 1 { e1 = loadRegister(p4 + 16) }
            if even > 2 { e2 = loadRegister(p4 + 32) }
            if even > 3 { e3 = loadRegister(p4 + 48) }
            if odd > 0 { f0 = loadRegister(p5 + 0) }
            if odd > 1 { f1 = loadRegister(p5 + 16) }
            if odd > 2 { f2 = loadRegister(p5 + 32) }
            if odd > 3 { f3 = loadRegister(p5 + 48) }
        }
        let (channels, width, column) = (work.length, work.width, work.column)
        let tap = channels &* width
        let line = 3 &* tap &* Weights.size
        let (upper, middle, lower) = (work.filters + (row == 5 ? 2 &* line : 0), work.filters + line, work.filters + 2 &* line)
        let (square, point) = WinogradTransform4.innerRow(row)
        var request = requests.start
        var (left, centre, right) = (0, tap, 2 &* tap)
        var k = 0
        while k < channels {
            requests.ask(in: k, from: &request)
            // The row's three numbers.
            var x = Weights.loadRegister(upper, left, column, width)
            var y = Weights.loadRegister(upper, centre, column, width)
            var z = Weights.loadRegister(upper, right, column, width)
            if isInner == 1 {
                x = multiplyAdd(x, square, Weights.loadRegister(lower, left, column, width))
                y = multiplyAdd(y, square, Weights.loadRegister(lower, centre, column, width))
                z = multiplyAdd(z, square, Weights.loadRegister(lower, right, column, width))
                x = multiplyAdd(x, point, Weights.loadRegister(middle, left, column, width))
                y = multiplyAdd(y, point, Weights.loadRegister(middle, centre, column, width))
                z = multiplyAdd(z, point, Weights.loadRegister(middle, right, column, width))
            }
            left &+= width
            centre &+= width
            right &+= width
            let u = WinogradTransform4.filter(x, y, z)
            let (u0, u1) = part == 0 ? (u.0, u.1) : part == 1 ? (u.0, u.0) : (u.3, u.3)
            let (u2, u3) = part == 0 ? (u.2, u.3) : part == 1 ? (u.1, u.1) : (u.4, u.4)
            let (u4, u5) = part == 0 ? (u.4, u.5) : part == 1 ? (u.2, u.2) : (u.5, u.5)
            if even > 0 { a0 = multiplyAdd(a0, v[k &+ (place(0, size) &+ 0)], u0) }
            if even > 1 { a1 = multiplyAdd(a1, v[k &+ (place(0, size) &+ 16)], u0) }
            if even > 2 { a2 = multiplyAdd(a2, v[k &+ (place(0, size) &+ 32)], u0) }
            if even > 3 { a3 = multiplyAdd(a3, v[k &+ (place(0, size) &+ 48)], u0) }
            if odd > 0 { b0 = multiplyAdd(b0, v[k &+ (place(1, size) &+ 0)], u1) }
            if odd > 1 { b1 = multiplyAdd(b1, v[k &+ (place(1, size) &+ 16)], u1) }
            if odd > 2 { b2 = multiplyAdd(b2, v[k &+ (place(1, size) &+ 32)], u1) }
            if odd > 3 { b3 = multiplyAdd(b3, v[k &+ (place(1, size) &+ 48)], u1) }
            if even > 0 { c0 = multiplyAdd(c0, v[k &+ (place(2, size) &+ 0)], u2) }
            if even > 1 { c1 = multiplyAdd(c1, v[k &+ (place(2, size) &+ 16)], u2) }
            if even > 2 { c2 = multiplyAdd(c2, v[k &+ (place(2, size) &+ 32)], u2) }
            if even > 3 { c3 = multiplyAdd(c3, v[k &+ (place(2, size) &+ 48)], u2) }
            if odd > 0 { d0 = multiplyAdd(d0, v[k &+ (place(3, size) &+ 0)], u3) }
            if odd > 1 { d1 = multiplyAdd(d1, v[k &+ (place(3, size) &+ 16)], u3) }
            if odd > 2 { d2 = multiplyAdd(d2, v[k &+ (place(3, size) &+ 32)], u3) }
            if odd > 3 { d3 = multiplyAdd(d3, v[k &+ (place(3, size) &+ 48)], u3) }
            if even > 0 { e0 = multiplyAdd(e0, v[k &+ (place(4, size) &+ 0)], u4) }
            if even > 1 { e1 = multiplyAdd(e1, v[k &+ (place(4, size) &+ 16)], u4) }
            if even > 2 { e2 = multiplyAdd(e2, v[k &+ (place(4, size) &+ 32)], u4) }
            if even > 3 { e3 = multiplyAdd(e3, v[k &+ (place(4, size) &+ 48)], u4) }
            if odd > 0 { f0 = multiplyAdd(f0, v[k &+ (place(5, size) &+ 0)], u5) }
            if odd > 1 { f1 = multiplyAdd(f1, v[k &+ (place(5, size) &+ 16)], u5) }
            if odd > 2 { f2 = multiplyAdd(f2, v[k &+ (place(5, size) &+ 32)], u5) }
            if odd > 3 { f3 = multiplyAdd(f3, v[k &+ (place(5, size) &+ 48)], u5) }
            k &+= 1
        }
        if even > 0 { store(a0, p0 + 0) }
        if even > 1 { store(a1, p0 + 16) }
        if even > 2 { store(a2, p0 + 32) }
        if even > 3 { store(a3, p0 + 48) }
        if odd > 0 { store(b0, p1 + 0) }
        if odd > 1 { store(b1, p1 + 16) }
        if odd > 2 { store(b2, p1 + 32) }
        if odd > 3 { store(b3, p1 + 48) }
        if even > 0 { store(c0, p2 + 0) }
        if even > 1 { store(c1, p2 + 16) }
        if even > 2 { store(c2, p2 + 32) }
        if even > 3 { store(c3, p2 + 48) }
        if odd > 0 { store(d0, p3 + 0) }
        if odd > 1 { store(d1, p3 + 16) }
        if odd > 2 { store(d2, p3 + 32) }
        if odd > 3 { store(d3, p3 + 48) }
        if even > 0 { store(e0, p4 + 0) }
        if even > 1 { store(e1, p4 + 16) }
        if even > 2 { store(e2, p4 + 32) }
        if even > 3 { store(e3, p4 + 48) }
        if odd > 0 { store(f0, p5 + 0) }
        if odd > 1 { store(f1, p5 + 16) }
        if odd > 2 { store(f2, p5 + 32) }
        if odd > 3 { store(f3, p5 + 48) }
    }

    /// A group's first tile, from the row's or the half row's first on.
    @inline(__always)
    private static func place(_ group: Int, _ size: Int) -> Int {
        part == 0 ? group &* size : group / 2 &* size &+ group % 2 &* even &* 16
    }
}
#endif
