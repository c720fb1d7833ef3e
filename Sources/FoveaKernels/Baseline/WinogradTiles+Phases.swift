/// Tiles of a convolution that moves by two.
extension WinogradTiles {
    /// Each phase of the columns first, then of the rows.
    ///
    /// - Parameter v: the first point; `point` numbers from one to the next, and of each `phase` numbers from one phase to the next: the even rows' even
    ///   columns, their odd ones, the odd rows' likewise
    @inline(never)
    func transformPhases(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ point: Int, _ phase: Int) {
        // Of the halfway transformed tile, [row, column, 16], the even rows' five points come first, then the odd ones' four.
        forEachRegister(of: 9) { j in
            let p = d + j
            let even = WinogradPhaseTransform.even(
                loadRegister(p), loadRegister(p + 2 &* line), loadRegister(p + 4 &* line), loadRegister(p + 6 &* line),
                loadRegister(p + 8 &* line))
            store(even, half + j, stride: 144)
            let odd = WinogradPhaseTransform.odd(
                loadRegister(p + line), loadRegister(p + 3 &* line), loadRegister(p + 5 &* line), loadRegister(p + 7 &* line))
            store(odd, half + (720 &+ j), stride: 144)
        }
        var q = half
        for row in 0..<9 {
            let p = v + (row < 5 ? 5 &* row &* point : 5 &* (row &- 5) &* point &+ 2 &* phase)
            forEachRegister { lane in
                let (q, p) = (q + lane, p + lane)
                let even = WinogradPhaseTransform.even(
                    loadRegister(q), loadRegister(q + 32), loadRegister(q + 64), loadRegister(q + 96), loadRegister(q + 128))
                store(even, p, stride: point)
                let odd = WinogradPhaseTransform.odd(
                    loadRegister(q + 16), loadRegister(q + 48), loadRegister(q + 80), loadRegister(q + 112))
                store(odd, p + phase, stride: point)
            }
            q += 144
        }
    }

    /// Aᵀ m A of the sums over all phases: the columns first, then the rows.
    @inline(never)
    func restorePhases(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        let row = 5 &* stride
        var (p, q) = (m, half)
        for _ in 0..<5 {
            forEachRegister { lane in
                let p = p + lane
                let t = WinogradPhaseTransform.output(
                    loadRegister(p), loadRegister(p + row), loadRegister(p + 2 &* row), loadRegister(p + 3 &* row),
                    loadRegister(p + 4 &* row))
                store(t, q + lane, stride: 80)
            }
            p += stride
            q += 16
        }
        var target = y
        q = half
        for _ in 0..<4 {
            forEachRegister { lane in
                let q = q + lane
                let t = WinogradPhaseTransform.output(
                    loadRegister(q), loadRegister(q + 16), loadRegister(q + 32), loadRegister(q + 48), loadRegister(q + 64))
                store(t, target + lane, stride: 16)
            }
            q += 80
            target += line
        }
    }
}
