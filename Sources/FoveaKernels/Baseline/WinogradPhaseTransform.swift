/// One axis of the transforms of a 3×3 convolution that moves by two, of tiles of four outputs: F(4, 2) of the even phase and F(4, 1) of the odd
/// one, at the points ±½, ±3/2 and, for the even phase, ∞. Of these points' like, these lose the fewest digits, and float32 holds their powers.
///
/// The products at ±½ and ±3/2 are divided by the products of those points' distances to the others, ∓2 and ±6; the sums are, as in
/// `WinogradTransform4`.
enum WinogradPhaseTransform {
    /// Row p holds the coefficients of the product of (x - q) over the other points q: the same for both phases.
    @inline(__always)
    static func odd(_ d0: Register, _ d1: Register, _ d2: Register, _ d3: Register) -> (Register, Register, Register, Register) {
        let (evenA, oddA) = (multiplyAdd(d2, -2.25, d0), multiplyAdd(d3, -2.25, d1))
        let (evenB, oddB) = (multiplyAdd(d2, -0.25, d0), multiplyAdd(d3, -0.25, d1))
        return (
            multiplyAdd(oddA, 0.5, evenA), multiplyAdd(oddA, -0.5, evenA), multiplyAdd(oddB, 1.5, evenB), multiplyAdd(oddB, -1.5, evenB)
        )
    }

    /// At ∞ besides, where it is the product over all other points.
    @inline(__always)
    static func even(
        _ d0: Register, _ d1: Register, _ d2: Register, _ d3: Register, _ d4: Register
    ) -> (Register, Register, Register, Register, Register) {
        let v = odd(d0, d1, d2, d3)
        return (v.0, v.1, v.2, v.3, multiplyAdd(multiplyAdd(d4, -2.5, d2), 0.5625, d0))
    }

    /// The even phase's filter at its four points but ∞.
    @inline(__always)
    static func filter(_ g0: Register, _ g2: Register) -> (Register, Register, Register, Register) {
        (multiplyAdd(g0, 0.5, g2), multiplyAdd(g0, -0.5, g2), multiplyAdd(g0, 1.5, g2), multiplyAdd(g0, -1.5, g2))
    }

    /// The even phase's filter at its five points, and the odd one's only tap, which is the same at all.
    @inline(__always)
    static func filter(_ g0: Register, _ g1: Register, _ g2: Register) -> (Register, Register, Register, Register, Register, Register) {
        let u = filter(g0, g2)
        return (u.0, u.1, u.2, u.3, g2, g1)
    }

    /// One of the points but ∞, in their order.
    @inline(__always)
    static func point(_ index: Int) -> Float { (index < 2 ? 0.5 : 1.5) * (index % 2 == 0 ? 1 : -1) }

    /// Aᵀ m: row i holds the i-th powers of the points, each divided by the product of its point's distances to the others.
    @inline(__always)
    static func output(
        _ m0: Register, _ m1: Register, _ m2: Register, _ m3: Register, _ m4: Register
    ) -> (Register, Register, Register, Register) {
        let (sumA, differenceA) = (m0 + m1, m0 - m1)
        let (sumB, differenceB) = (m2 + m3, m2 - m3)
        return (
            multiplyAdd(differenceB * (1 / 6), -0.5, differenceA),
            (sumB - sumA) * 0.25,
            multiplyAdd(differenceB * 0.375, -0.125, differenceA),
            multiplyAdd(multiplyAdd(m4, -0.0625, sumA), 0.5625, sumB)
        )
    }
}
