import CFoveaProcessor

/// A block's lanes.
typealias Vector = SIMD16<Float>

@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// sum + a · b, rounded once where the instruction set can.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
    #if FOVEA_BASELINE
    sum + a * b
    #else
    fovea_multiply_add16(sum, a, b)
    #endif
}

/// sum + a · b
@inline(__always)
func multiplyAdd(_ sum: Vector, _ a: Float, _ b: Vector) -> Vector {
    multiplyAdd(sum, Vector(repeating: a), b)
}

/// Multiplies some positions of a block of channels by the channels' factors.
@inline(__always)
func scalePositions(_ block: UnsafePointer<Float>, by factors: Vector, _ count: Int, to target: UnsafeMutablePointer<Float>) {
    for position in 0..<count { store(load(block + position &* 16) * factors, target + position &* 16) }
}
