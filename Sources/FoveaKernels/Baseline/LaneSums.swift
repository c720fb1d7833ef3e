/// Sums of many vectors, lane by lane: short stretches are summed in float, and the stretches in double, so that a large map loses no digits.
struct LaneSums {
    /// Vectors of a stretch.
    static var stretch: Int { 64 }

    private var a = SIMD4<Double>()
    private var b = SIMD4<Double>()
    private var c = SIMD4<Double>()
    private var d = SIMD4<Double>()

    /// Adds a stretch's sum.
    @inline(__always)
    mutating func add(_ sum: Vector) {
        a += Self.widened(sum.lowHalf.lowHalf)
        b += Self.widened(sum.lowHalf.highHalf)
        c += Self.widened(sum.highHalf.lowHalf)
        d += Self.widened(sum.highHalf.highHalf)
    }

    /// The sum of all lanes.
    var total: Double { (a.sum() + b.sum()) + (c.sum() + d.sum()) }

    /// What `body` makes of each lane's sum.
    @inline(__always)
    func map(_ body: (SIMD4<Double>) -> SIMD4<Double>) -> Vector {
        Vector(
            lowHalf: SIMD8(lowHalf: Self.narrowed(body(a)), highHalf: Self.narrowed(body(b))),
            highHalf: SIMD8(lowHalf: Self.narrowed(body(c)), highHalf: Self.narrowed(body(d))))
    }

    /// What `body` makes of each lane's sum and that of `other`.
    @inline(__always)
    func map(with other: LaneSums, _ body: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>) -> Vector {
        Vector(
            lowHalf: SIMD8(lowHalf: Self.narrowed(body(a, other.a)), highHalf: Self.narrowed(body(b, other.b))),
            highHalf: SIMD8(lowHalf: Self.narrowed(body(c, other.c)), highHalf: Self.narrowed(body(d, other.d))))
    }

    @inline(__always)
    private static func widened(_ x: Quad) -> SIMD4<Double> { SIMD4(Double(x[0]), Double(x[1]), Double(x[2]), Double(x[3])) }

    @inline(__always)
    private static func narrowed(_ x: SIMD4<Double>) -> Quad { Quad(Float(x[0]), Float(x[1]), Float(x[2]), Float(x[3])) }
}
