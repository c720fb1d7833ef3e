/// The lanes in which a comparison holds.
typealias VectorMask = SIMDMask<SIMD16<Int32>>
typealias QuadMask = SIMDMask<SIMD4<Int32>>

/// `x` where the mask is set, elsewhere `y`.
///
/// Masks, unlike whole numbers, have vector operations in the standard library; its `replacing` branches lane by lane.
@inline(__always)
func select(_ mask: VectorMask, _ x: Vector, _ y: Vector) -> Vector {
    let (bits, others) = (unsafeBitCast(x, to: VectorMask.self), unsafeBitCast(y, to: VectorMask.self))
    return unsafeBitCast(bits .& mask .| others .& .!mask, to: Vector.self)
}

@inline(__always)
func select(_ mask: QuadMask, _ x: Quad, _ y: Quad) -> Quad {
    let (bits, others) = (unsafeBitCast(x, to: QuadMask.self), unsafeBitCast(y, to: QuadMask.self))
    return unsafeBitCast(bits .& mask .| others .& .!mask, to: Quad.self)
}

/// The larger of two numbers in each lane; NaN wherever either is, as in PyTorch.
@inline(__always)
func larger(_ x: Vector, _ y: Vector) -> Vector {
    select(y .!= y, y, select(y .> x, y, x))
}

@inline(__always)
func larger(_ x: Quad, _ y: Quad) -> Quad {
    select(y .!= y, y, select(y .> x, y, x))
}

@inline(__always)
func larger(_ x: Float, _ y: Float) -> Float { y > x || y != y ? y : x }
