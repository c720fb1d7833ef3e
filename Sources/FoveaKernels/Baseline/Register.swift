import CFoveaProcessor

/// What one vector register of the instruction set holds. Loops that need more numbers at once than there are registers for blocks take a
/// block's lanes in turns of as many.
#if FOVEA_AVX512
typealias Register = Vector
#elseif FOVEA_AVX2
typealias Register = SIMD8<Float>
typealias RegisterOfWords = SIMD8<UInt32>
typealias RegisterOfIntegers = SIMD8<Int16>
#else
typealias Register = Quad
typealias RegisterOfWords = SIMD4<UInt32>
typealias RegisterOfIntegers = SIMD4<Int16>
#endif

extension Register {
    /// Numbers in a register.
    @inline(__always) static var lanes: Int { scalarCount }
}

/// Runs `body` for each register of some neighbouring vectors, with its first lane's place.
@inline(__always)
func forEachRegister(of vectors: Int = 1, _ body: (_ place: Int) -> Void) {
    var place = 0
    while place < vectors &* 16 {
        body(place)
        place &+= Register.lanes
    }
}

@inline(__always)
func loadRegister(_ pointer: UnsafePointer<Float>) -> Register {
    UnsafeRawPointer(pointer).loadUnaligned(as: Register.self)
}

#if FOVEA_AVX2
@inline(__always)
func store(_ register: Register, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: register, as: Register.self)
}
#endif

#if !FOVEA_AVX512
/// sum + a · b, rounded once where the instruction set can.
@inline(__always)
func multiplyAdd(_ sum: Register, _ a: Float, _ b: Register) -> Register {
    #if FOVEA_BASELINE
    sum + Register(repeating: a) * b
    #else
    fovea_multiply_add8(sum, Register(repeating: a), b)
    #endif
}
#endif

/// Stores registers `stride` numbers apart.
@inline(__always)
func store(_ v: (Register, Register, Register, Register, Register, Register), _ pointer: UnsafeMutablePointer<Float>, stride: Int) {
    store(v.0, pointer)
    store(v.1, pointer + stride)
    store(v.2, pointer + 2 &* stride)
    store(v.3, pointer + 3 &* stride)
    store(v.4, pointer + 4 &* stride)
    store(v.5, pointer + 5 &* stride)
}

/// Stores registers `stride` numbers apart.
@inline(__always)
func store(_ v: (Register, Register, Register, Register, Register), _ pointer: UnsafeMutablePointer<Float>, stride: Int) {
    store(v.0, pointer)
    store(v.1, pointer + stride)
    store(v.2, pointer + 2 &* stride)
    store(v.3, pointer + 3 &* stride)
    store(v.4, pointer + 4 &* stride)
}

/// Stores registers `stride` numbers apart.
@inline(__always)
func store(_ v: (Register, Register, Register, Register), _ pointer: UnsafeMutablePointer<Float>, stride: Int) {
    store(v.0, pointer)
    store(v.1, pointer + stride)
    store(v.2, pointer + 2 &* stride)
    store(v.3, pointer + 3 &* stride)
}
