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

/// The first `count` numbers of a vector, at most 16; the others are zero.
@inline(__always)
func loadFirst(_ count: Int, _ pointer: UnsafePointer<Float>) -> Vector {
    if count == 16 { return load(pointer) }
    var vector = Vector()
    var lane = 0
    while lane < count {
        vector[lane] = pointer[lane]
        lane &+= 1
    }
    return vector
}

@inline(__always)
func loadFirst(_ count: Int, _ pointer: UnsafeMutablePointer<Float>) -> Vector { loadFirst(count, UnsafePointer(pointer)) }

/// Stores the first `count` numbers of a vector, at most 16.
@inline(__always)
func storeFirst(_ count: Int, _ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    if count == 16 {
        store(vector, pointer)
        return
    }
    var lane = 0
    while lane < count {
        pointer[lane] = vector[lane]
        lane &+= 1
    }
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

/// The lanes in another order: for each lane, which one it takes, 0 to 15.
@inline(__always)
func permuted(_ x: Vector, _ order: SIMD16<Int32>) -> Vector {
    #if FOVEA_AVX512
    fovea_permute16(x, order)
    #else
    Vector(
        x[Int(order[0])], x[Int(order[1])], x[Int(order[2])], x[Int(order[3])], x[Int(order[4])], x[Int(order[5])], x[Int(order[6])],
        x[Int(order[7])], x[Int(order[8])], x[Int(order[9])], x[Int(order[10])], x[Int(order[11])], x[Int(order[12])], x[Int(order[13])],
        x[Int(order[14])], x[Int(order[15])])
    #endif
}

/// Multiplies some positions of a block of channels by the channels' factors.
@inline(__always)
func scalePositions(_ block: UnsafePointer<Float>, by factors: Vector, _ count: Int, to target: UnsafeMutablePointer<Float>) {
    for position in 0..<count { store(load(block + position &* 16) * factors, target + position &* 16) }
}
