#if FOVEA_AVX512
import CFoveaProcessor
#endif

/// Every third of the 48 lanes of three vectors, or of the 32 of two, whose last lanes are then of no meaning.
enum Threes {
    /// The first of every three.
    @inline(__always)
    static func first(_ a: Vector, _ b: Vector, _ c: Vector?) -> Vector {
        #if FOVEA_AVX512
        let two = fovea_permute_two16(a, SIMD16(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 31, 31, 31, 31, 31), b)
        return c.map { fovea_permute_two16(two, SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29), $0) } ?? two
        #else
        let lanes = select(isFirst, a, select(isSecond, c ?? b, b))
        return permuted(lanes, SIMD16(0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13))
        #endif
    }

    /// The second of every three.
    @inline(__always)
    static func second(_ a: Vector, _ b: Vector, _ c: Vector?) -> Vector {
        #if FOVEA_AVX512
        let two = fovea_permute_two16(a, SIMD16(1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 31, 31, 31, 31, 31), b)
        return c.map { fovea_permute_two16(two, SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30), $0) } ?? two
        #else
        let lanes = select(isFirst, b, select(isSecond, a, c ?? b))
        return permuted(lanes, SIMD16(1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14))
        #endif
    }

    /// The third of every three.
    @inline(__always)
    static func third(_ a: Vector, _ b: Vector, _ c: Vector?) -> Vector {
        #if FOVEA_AVX512
        let two = fovea_permute_two16(a, SIMD16(2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 31, 31, 31, 31, 31, 31), b)
        return c.map { fovea_permute_two16(two, SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31), $0) } ?? two
        #else
        let lanes = select(isFirst, c ?? b, select(isSecond, b, a))
        return permuted(lanes, SIMD16(2, 5, 8, 11, 14, 1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15))
        #endif
    }

    #if !FOVEA_AVX512
    // A vector has 3 · 5 + 1 lanes: at each place the three vectors have one first, one second and one third lane of three.
    @inline(__always) private static var isFirst: VectorMask { every(third: (-1, 0, 0)) }
    @inline(__always) private static var isSecond: VectorMask { every(third: (0, -1, 0)) }

    /// The lanes in threes, of which each is set by -1 and not by 0; written as bits, since whole numbers are compared one by one.
    @inline(__always)
    private static func every(third lanes: (Int32, Int32, Int32)) -> VectorMask {
        let (x, y, z) = lanes
        return unsafeBitCast(SIMD16<Int32>(x, y, z, x, y, z, x, y, z, x, y, z, x, y, z, x), to: VectorMask.self)
    }
    #endif
}
