/// One axis of the transforms of F(4×4, 3×3) at the points 0, ±a, ±b, ∞ with a = √½ and b = √2, of which a² = ½, b² = 2 and ab = 1.
///
/// The products at ±a and ±b are divided by the products of those points' distances to the others, -3/2 and 6. The sums are, and not the
/// filters: it costs nothing there, and filters are transformed more often.
enum WinogradTransform4 {
    private static let a: Float = 0.707_106_78
    private static let b: Float = 1.414_213_56

    /// Bᵀ d: row p holds the coefficients of the product of (x - q) over the other points q.
    @inline(__always)
    static func input(
        _ d0: Register, _ d1: Register, _ d2: Register, _ d3: Register, _ d4: Register, _ d5: Register
    ) -> (Register, Register, Register, Register, Register, Register) {
        let evenA = multiplyAdd(d4, -2, d2)
        let oddA = multiplyAdd(d3 * a, -b, d1)
        let evenB = multiplyAdd(d4, -0.5, d2)
        let oddB = multiplyAdd(d3 * b, -a, d1)
        return (
            multiplyAdd(d0 + d4, -2.5, d2), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, multiplyAdd(d1 + d5, -2.5, d3)
        )
    }

    /// G g: the filter's values at the points.
    @inline(__always)
    static func filter(_ g0: Register, _ g1: Register, _ g2: Register) -> (Register, Register, Register, Register, Register, Register) {
        let evenA = multiplyAdd(g0, 0.5, g2)
        let evenB = multiplyAdd(g0, 2, g2)
        return (
            g0, multiplyAdd(evenA, a, g1), multiplyAdd(evenA, -a, g1), multiplyAdd(evenB, b, g1), multiplyAdd(evenB, -b, g1), g2
        )
    }

    /// The point of one of the rows 1 to 4 of G, and its square: what `filter` multiplies g1 and g2 by, g2 first.
    @inline(__always)
    static func innerRow(_ row: Int) -> (square: Float, point: Float) {
        (row < 3 ? 0.5 : 2, (row < 3 ? a : b) * (row % 2 == 1 ? 1 : -1))
    }

    /// Aᵀ m: row i holds the i-th powers of the points, each divided by the product of its point's distances to the others.
    @inline(__always)
    static func output(
        _ m0: Register, _ m1: Register, _ m2: Register, _ m3: Register, _ m4: Register, _ m5: Register
    ) -> (Register, Register, Register, Register) {
        let (sumA, differenceA) = (m1 + m2, m1 - m2)
        let (sumB, differenceB) = (m3 + m4, m3 - m4)
        return (
            multiplyAdd(multiplyAdd(m0, -2 / 3, sumA), 1 / 6, sumB),
            multiplyAdd(differenceA * (-2 / 3 * a), b / 6, differenceB),
            multiplyAdd(sumA * (-1 / 3), 1 / 3, sumB),
            multiplyAdd(multiplyAdd(m5, -1 / 3 * a, differenceA), b / 3, differenceB)
        )
    }
}

/// One axis of the transforms of F(2×2, 3×3) at the points 0, ±1, ∞; the sums at ±1 are halved, and not the filters.
enum WinogradTransform2 {
    @inline(__always)
    static func input(_ d0: Register, _ d1: Register, _ d2: Register, _ d3: Register) -> (Register, Register, Register, Register) {
        (d0 - d2, d2 + d1, d2 - d1, d3 - d1)
    }

    @inline(__always)
    static func filter(_ g0: Register, _ g1: Register, _ g2: Register) -> (Register, Register, Register, Register) {
        let even = g0 + g2
        return (g0, even + g1, even - g1, g2)
    }

    @inline(__always)
    static func output(_ m0: Register, _ m1: Register, _ m2: Register, _ m3: Register) -> (Register, Register) {
        (multiplyAdd(m0, 0.5, m1 + m2), multiplyAdd(m3, 0.5, m1 - m2))
    }
}
