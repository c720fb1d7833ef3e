/// Four numbers: what four neighbouring positions have in common with four channels.
typealias Quad = SIMD4<Float>

@inline(__always)
func loadQuad(_ pointer: UnsafePointer<Float>) -> Quad {
    UnsafeRawPointer(pointer).loadUnaligned(as: Quad.self)
}

@inline(__always)
func store(_ quad: Quad, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: quad, as: Quad.self)
}

/// Stores the first `count` numbers, at most four.
@inline(__always)
func store(_ quad: Quad, _ pointer: UnsafeMutablePointer<Float>, count: Int) {
    if count >= 4 {
        store(quad, pointer)
    } else {
        if count > 0 { pointer[0] = quad[0] }
        if count > 1 { pointer[1] = quad[1] }
        if count > 2 { pointer[2] = quad[2] }
    }
}

/// The columns of four rows.
@inline(__always)
func transpose(_ a: Quad, _ b: Quad, _ c: Quad, _ d: Quad) -> (Quad, Quad, Quad, Quad) {
    let (ab, cd) = (Quad(a[0], b[0], a[1], b[1]), Quad(c[0], d[0], c[1], d[1]))
    let (ef, gh) = (Quad(a[2], b[2], a[3], b[3]), Quad(c[2], d[2], c[3], d[3]))
    return (
        Quad(lowHalf: ab.lowHalf, highHalf: cd.lowHalf), Quad(lowHalf: ab.highHalf, highHalf: cd.highHalf),
        Quad(lowHalf: ef.lowHalf, highHalf: gh.lowHalf), Quad(lowHalf: ef.highHalf, highHalf: gh.highHalf)
    )
}
