#if FOVEA_AVX512
/// The sweep of `WinogradSums` for a lone tile: it holds the sums of three rows of points, an outer one and the two inner ones beside it,
/// whose numbers have most of their terms in common.
enum WinogradTripleSweep<Weights: PanelWeights, let isLower: Int> {
    /// - Parameter inner: the first inner row, 1 or 3. Were it the type's, the compiler would know the numbers that depend on it, and cut vectors
    ///   into halves to share them.
    @inline(never)
    static func run(_ work: FewTiles, inner: Int, _ requests: AheadRequests) {
        // The points of the outer row, and those of the inner ones.
        let (o, i) = isLower == 0 ? (0, 6) : (30, 18)
        let (p, q, ps) = (work.sums + o &* work.sumStride, work.sums + i &* work.sumStride, work.sumStride)
        let v = work.tiles
        var (a0, a1, a2, a3, a4, a5) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector())
        var (b0, b1, b2, b3, b4, b5) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector())
        var (c0, c1, c2, c3, c4, c5) = (Vector(), Vector(), Vector(), Vector(), Vector(), Vector())
        if work.continues {
            a0 = load(p + 0 &* ps)
            a1 = load(p + 1 &* ps)
            a2 = load(p + 2 &* ps)
            a3 = load(p + 3 &* ps)
            a4 = load(p + 4 &* ps)
            a5 = load(p + 5 &* ps)
            b0 = load(q + 0 &* ps)
            b1 = load(q + 1 &* ps)
            b2 = load(q + 2 &* ps)
            b3 = load(q + 3 &* ps)
            b4 = load(q + 4 &* ps)
            b5 = load(q + 5 &* ps)
            c0 = load(q + 6 &* ps)
            c1 = load(q + 7 &* ps)
            c2 = load(q + 8 &* ps)
            c3 = load(q + 9 &* ps)
            c4 = load(q + 10 &* ps)
            c5 = load(q + 11 &* ps)
        }
        let (channels, width, column) = (work.length, work.width, work.column)
        let tap = channels &* width
        let line = 3 &* tap &* Weights.size
        let (upper, middle, lower) = (work.filters, work.filters + line, work.filters + 2 &* line)
        let outer = isLower == 0 ? upper : lower
        let (square, point) = WinogradTransform4.innerRow(inner)
        let minus = -point
        var request = requests.start
        var (left, centre, right) = (0, tap, 2 &* tap)
        var k = 0
        while k < channels {
            requests.ask(in: k, from: &request)
            let x = multiplyAdd(
                Weights.load(upper, left, column, width), square, Weights.load(lower, left, column, width))
            let y = multiplyAdd(
                Weights.load(upper, centre, column, width), square, Weights.load(lower, centre, column, width))
            let z = multiplyAdd(
                Weights.load(upper, right, column, width), square, Weights.load(lower, right, column, width))
            var u = WinogradTransform4.filter(
                multiplyAdd(x, point, Weights.load(middle, left, column, width)),
                multiplyAdd(y, point, Weights.load(middle, centre, column, width)),
                multiplyAdd(z, point, Weights.load(middle, right, column, width)))
            b0 = multiplyAdd(b0, v[k &+ (i &+ 0) &* 16], u.0)
            b1 = multiplyAdd(b1, v[k &+ (i &+ 1) &* 16], u.1)
            b2 = multiplyAdd(b2, v[k &+ (i &+ 2) &* 16], u.2)
            b3 = multiplyAdd(b3, v[k &+ (i &+ 3) &* 16], u.3)
            b4 = multiplyAdd(b4, v[k &+ (i &+ 4) &* 16], u.4)
            b5 = multiplyAdd(b5, v[k &+ (i &+ 5) &* 16], u.5)
            u = WinogradTransform4.filter(
                multiplyAdd(x, minus, Weights.load(middle, left, column, width)),
                multiplyAdd(y, minus, Weights.load(middle, centre, column, width)),
                multiplyAdd(z, minus, Weights.load(middle, right, column, width)))
            c0 = multiplyAdd(c0, v[k &+ (i &+ 6 &+ 0) &* 16], u.0)
            c1 = multiplyAdd(c1, v[k &+ (i &+ 6 &+ 1) &* 16], u.1)
            c2 = multiplyAdd(c2, v[k &+ (i &+ 6 &+ 2) &* 16], u.2)
            c3 = multiplyAdd(c3, v[k &+ (i &+ 6 &+ 3) &* 16], u.3)
            c4 = multiplyAdd(c4, v[k &+ (i &+ 6 &+ 4) &* 16], u.4)
            c5 = multiplyAdd(c5, v[k &+ (i &+ 6 &+ 5) &* 16], u.5)
            u = WinogradTransform4.filter(
                Weights.load(outer, left, column, width), Weights.load(outer, centre, column, width),
                Weights.load(outer, right, column, width))
            a0 = multiplyAdd(a0, v[k &+ (o &+ 0) &* 16], u.0)
            a1 = multiplyAdd(a1, v[k &+ (o &+ 1) &* 16], u.1)
            a2 = multiplyAdd(a2, v[k &+ (o &+ 2) &* 16], u.2)
            a3 = multiplyAdd(a3, v[k &+ (o &+ 3) &* 16], u.3)
            a4 = multiplyAdd(a4, v[k &+ (o &+ 4) &* 16], u.4)
            a5 = multiplyAdd(a5, v[k &+ (o &+ 5) &* 16], u.5)
            left &+= width
            centre &+= width
            right &+= width
            k &+= 1
        }
        store(a0, p + 0 &* ps)
        store(a1, p + 1 &* ps)
        store(a2, p + 2 &* ps)
        store(a3, p + 3 &* ps)
        store(a4, p + 4 &* ps)
        store(a5, p + 5 &* ps)
        store(b0, q + 0 &* ps)
        store(b1, q + 1 &* ps)
        store(b2, q + 2 &* ps)
        store(b3, q + 3 &* ps)
        store(b4, q + 4 &* ps)
        store(b5, q + 5 &* ps)
        store(c0, q + 6 &* ps)
        store(c1, q + 7 &* ps)
        store(c2, q + 8 &* ps)
        store(c3, q + 9 &* ps)
        store(c4, q + 10 &* ps)
        store(c5, q + 11 &* ps)
    }
}
#endif
