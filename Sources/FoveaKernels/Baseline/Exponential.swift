/// exp(x) to about one unit in the last place: 2ⁿ · exp(r) with |r| ≤ ½ ln 2 and a polynomial of degree 6 for exp(r) (the coefficients of Cephes' expf).
///
/// Beyond -87 and 88, behind which float32's normal numbers end, x counts as these. NaN gives no particular number.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
    let (least, largest) = (Vector(repeating: -87), Vector(repeating: 88))
    let high = select(x .> largest, largest, x)
    let bounded = select(high .< least, least, high)
    // Adding and taking away 1.5 · 2²³ rounds to a whole number.
    let magic = Vector(repeating: 12_582_912)
    let shifted = multiplyAdd(magic, 1.442_695_04, bounded)
    let n = shifted - magic
    var r = multiplyAdd(bounded, -0.693_359_375, n)
    r = multiplyAdd(r, 2.121_944_4e-4, n)
    var p = multiplyAdd(Vector(repeating: 1.398_199_95e-3), 1.987_569_15e-4, r)
    p = multiplyAdd(Vector(repeating: 8.333_451_9e-3), r, p)
    p = multiplyAdd(Vector(repeating: 4.166_579_6e-2), r, p)
    p = multiplyAdd(Vector(repeating: 1.666_666_55e-1), r, p)
    p = multiplyAdd(Vector(repeating: 5.000_000_1e-1), r, p)
    p = multiplyAdd(r + 1, r * r, p)
    // The lowest bits of the shifted number are n's, which the shift moves to the exponent's place.
    let power = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23
    return unsafeBitCast(unsafeBitCast(p, to: SIMD16<Int32>.self) &+ power, to: Vector.self)
}

/// exp(x) of numbers up to 0, as a softmax has them; 0 below -87, NaN of NaN.
@inline(__always)
func power(_ x: Vector) -> Vector {
    select(x .!= x, x, select(x .< -87, Vector(), exponential(x)))
}
