#if FOVEA_AVX512
import CFoveaProcessor
#endif

/// Neighbouring lanes in threes: sixteen of them in three vectors, ten in two.
enum Threes {
    /// The sum of each three; of two vectors, the lanes behind the tenth are of no meaning.
    @inline(__always)
    static func sums(_ a: Vector, _ b: Vector, _ c: Vector?) -> Vector {
        #if FOVEA_AVX512
        pick(
            a, b, c, SIMD16(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 31, 31, 31, 31, 31),
            SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29))
            + pick(
                a, b, c, SIMD16(1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 31, 31, 31, 31, 31),
                SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30))
            + pick(
                a, b, c, SIMD16(2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 31, 31, 31, 31, 31, 31),
                SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31))
        #else
        // A vector has 3 · 5 + 1 lanes: at each place the three vectors have one first, one second and one third lane of three.
        let (isFirst, isSecond, c) = (every(third: (-1, 0, 0)), every(third: (0, -1, 0)), c ?? b)
        let first = select(isFirst, a, select(isSecond, c, b))
        let second = select(isFirst, b, select(isSecond, a, c))
        let third = select(isFirst, c, select(isSecond, b, a))
        return permuted(first, SIMD16(0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13))
            + permuted(second, SIMD16(1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14))
            + permuted(third, SIMD16(2, 5, 8, 11, 14, 1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15))
        #endif
    }

    #if FOVEA_AVX512
    /// Lanes of the first two vectors, then, in place of what these lack, of the third.
    @inline(__always)
    private static func pick(_ a: Vector, _ b: Vector, _ c: Vector?, _ two: SIMD16<Int32>, _ three: SIMD16<Int32>) -> Vector {
        let lanes = fovea_permute_two16(a, two, b)
        return c.map { fovea_permute_two16(lanes, three, $0) } ?? lanes
    }
    #else
    /// The lanes in threes, of which each is set by -1 and not by 0; written as bits, since whole numbers are compared one by one.
    @inline(__always)
    private static func every(third lanes: (Int32, Int32, Int32)) -> VectorMask {
        let (x, y, z) = lanes
        return unsafeBitCast(SIMD16<Int32>(x, y, z, x, y, z, x, y, z, x, y, z, x, y, z, x), to: VectorMask.self)
    }
    #endif
}
