/// exp(x) of eight numbers to about two units in the last place: 2ⁿ · exp(r) with |r| ≤ ½ ln 2 and a polynomial of degree 6 for exp(r) (the
/// coefficients of Cephes' expf). Of numbers up to 0, as a softmax has them; 0 below -87.33, where float32's normal numbers end.
@inline(__always)
func exponential(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let isSmall = x .< -87.33654
    let bounded = select(isSmall, SIMD8(repeating: -87.33654), x)
    // Adding and taking away 1.5 · 2²³ rounds to a whole number.
    let magic = SIMD8<Float>(repeating: 12_582_912)
    let shifted = bounded * 1.442_695_04 + magic
    let n = shifted - magic
    // ln 2 in two parts, of which n times the first is exact.
    let r = bounded - n * 0.693_359_375 + n * 2.121_944_4e-4
    var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_55e-1
    p = p * r + 5.000_000_1e-1
    p = p * (r * r) + r + 1
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- unsafeBitCast(magic, to: SIMD8<Int32>.self)
    let y = p * unsafeBitCast((exponent &+ 127) &<< 23, to: SIMD8<Float>.self)
    return select(x .!= x, x, select(isSmall, SIMD8(), y))
}

/// Masks, unlike whole numbers, have vector operations in the standard library; its `replacing` branches lane by lane.
@inline(__always)
func select(_ mask: SIMDMask<SIMD8<Int32>>, _ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD8<Float> {
    typealias Mask = SIMDMask<SIMD8<Int32>>
    let (bits, others) = (unsafeBitCast(x, to: Mask.self), unsafeBitCast(y, to: Mask.self))
    return unsafeBitCast(bits .& mask .| others .& .!mask, to: SIMD8<Float>.self)
}
