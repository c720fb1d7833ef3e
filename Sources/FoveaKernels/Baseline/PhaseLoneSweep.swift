#if FOVEA_AVX2
import CFoveaProcessor

/// The sweep of `PhaseSums` for a lone tile: two registers of outputs at once, since four sums alone would each wait for its product before.
enum PhaseLoneSweep<Weights: PanelWeights> {
    /// - Parameter row: 0 to 3
    @inline(never)
    static func run(_ work: FewTiles, row: Int, _ requests: AheadRequests) {
        // As `PhasePieces.strides` has it.
        let step: Int = 9 &* 16
        let v = work.tiles + (5 &* row &* step)
        let stride = work.sumStride
        let p0 = work.sums + (5 &* row &* stride)
        let (p1, p2, p3) = (p0 + stride, p0 + 2 &* stride, p0 + 3 &* stride)
        var (a0, b0, c0, d0) = (Register(), Register(), Register(), Register())
        var (a1, b1, c1, d1) = (Register(), Register(), Register(), Register())
        if work.continues {
            (a0, b0, c0, d0) = (loadRegister(p0), loadRegister(p1), loadRegister(p2), loadRegister(p3))
            (a1, b1, c1, d1) = (loadRegister(p0 + 8), loadRegister(p1 + 8), loadRegister(p2 + 8), loadRegister(p3 + 8))
        }
        let (channels, width, near) = (work.length, work.width, work.column)
        let far = near &+ Register.lanes
        let tap = channels &* width
        let line = 3 &* tap &* Weights.size
        let (upper, middle, lower) = (work.filters, work.filters + line, work.filters + 2 &* line)
        let value = WinogradPhaseTransform.point(row)
        var request = requests.start
        var (left, right) = (0, 2 &* tap)
        var k = 0
        // Each phase in turn, as in `PhaseSweep`.
        while k < channels {
            if k & requests.pause == 0 {
                var left = requests.lines
                repeat {
                    fovea_prefetch(request)
                    request += 64
                    left &-= 1
                } while left > 0
            }
            let u = WinogradPhaseTransform.filter(
                multiplyAdd(Weights.loadRegister(upper, left, near, width), value, Weights.loadRegister(lower, left, near, width)),
                multiplyAdd(Weights.loadRegister(upper, right, near, width), value, Weights.loadRegister(lower, right, near, width)))
            let w = WinogradPhaseTransform.filter(
                multiplyAdd(Weights.loadRegister(upper, left, far, width), value, Weights.loadRegister(lower, left, far, width)),
                multiplyAdd(Weights.loadRegister(upper, right, far, width), value, Weights.loadRegister(lower, right, far, width)))
            var f: Float
            f = v[k]
            a0 = multiplyAdd(a0, f, u.0)
            a1 = multiplyAdd(a1, f, w.0)
            f = v[k &+ (step)]
            b0 = multiplyAdd(b0, f, u.1)
            b1 = multiplyAdd(b1, f, w.1)
            f = v[k &+ (2 &* step)]
            c0 = multiplyAdd(c0, f, u.2)
            c1 = multiplyAdd(c1, f, w.2)
            f = v[k &+ (3 &* step)]
            d0 = multiplyAdd(d0, f, u.3)
            d1 = multiplyAdd(d1, f, w.3)
            left &+= width
            right &+= width
            k &+= 1
        }
        var centre = tap
        k = 0
        while k < channels {
            let u = multiplyAdd(
                Weights.loadRegister(upper, centre, near, width), value, Weights.loadRegister(lower, centre, near, width))
            let w = multiplyAdd(
                Weights.loadRegister(upper, centre, far, width), value, Weights.loadRegister(lower, centre, far, width))
            var f: Float
            f = v[k &+ (16)]
            a0 = multiplyAdd(a0, f, u)
            a1 = multiplyAdd(a1, f, w)
            f = v[k &+ (step &+ 16)]
            b0 = multiplyAdd(b0, f, u)
            b1 = multiplyAdd(b1, f, w)
            f = v[k &+ (2 &* step &+ 16)]
            c0 = multiplyAdd(c0, f, u)
            c1 = multiplyAdd(c1, f, w)
            f = v[k &+ (3 &* step &+ 16)]
            d0 = multiplyAdd(d0, f, u)
            d1 = multiplyAdd(d1, f, w)
            centre &+= width
            k &+= 1
        }
        (left, centre, right) = (0, tap, 2 &* tap)
        k = 0
        while k < channels {
            let u = WinogradPhaseTransform.filter(
                Weights.loadRegister(middle, left, near, width), Weights.loadRegister(middle, right, near, width))
            let w = WinogradPhaseTransform.filter(
                Weights.loadRegister(middle, left, far, width), Weights.loadRegister(middle, right, far, width))
            var f: Float
            f = v[k &+ (32)]
            a0 = multiplyAdd(a0, f, u.0)
            a1 = multiplyAdd(a1, f, w.0)
            f = v[k &+ (step &+ 32)]
            b0 = multiplyAdd(b0, f, u.1)
            b1 = multiplyAdd(b1, f, w.1)
            f = v[k &+ (2 &* step &+ 32)]
            c0 = multiplyAdd(c0, f, u.2)
            c1 = multiplyAdd(c1, f, w.2)
            f = v[k &+ (3 &* step &+ 32)]
            d0 = multiplyAdd(d0, f, u.3)
            d1 = multiplyAdd(d1, f, w.3)
            left &+= width
            right &+= width
            k &+= 1
        }
        k = 0
        while k < channels {
            let u = Weights.loadRegister(middle, centre, near, width)
            let w = Weights.loadRegister(middle, centre, far, width)
            var f: Float
            f = v[k &+ (48)]
            a0 = multiplyAdd(a0, f, u)
            a1 = multiplyAdd(a1, f, w)
            f = v[k &+ (step &+ 48)]
            b0 = multiplyAdd(b0, f, u)
            b1 = multiplyAdd(b1, f, w)
            f = v[k &+ (2 &* step &+ 48)]
            c0 = multiplyAdd(c0, f, u)
            c1 = multiplyAdd(c1, f, w)
            f = v[k &+ (3 &* step &+ 48)]
            d0 = multiplyAdd(d0, f, u)
            d1 = multiplyAdd(d1, f, w)
            centre &+= width
            k &+= 1
        }
        store(a0, p0)
        store(a1, p0 + 8)
        store(b0, p1)
        store(b1, p1 + 8)
        store(c0, p2)
        store(c1, p2 + 8)
        store(d0, p3)
        store(d1, p3 + 8)
    }
}
#endif
