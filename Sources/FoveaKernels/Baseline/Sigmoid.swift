#if FOVEA_AVX512
import CFoveaProcessor
#endif

/// 1 / (1 + exp(-x)) with a relative error of 2⁻²² at most; NaN of NaN. Beyond the bounds of ``exponential(_:)``, 1 + exp(-x) is 1 or so large that its
/// reciprocal is no normal number.
@inline(__always)
func sigmoid(_ x: Vector) -> Vector {
    select(x .!= x, x, reciprocal(1 + exponential(-x)))
}

/// 1 / x of normal numbers, to less than a unit in the last place.
@inline(__always)
private func reciprocal(_ x: Vector) -> Vector {
    #if FOVEA_AVX512
    // Sooner than a division: an estimate of 14 bits has 28 after one of Newton's steps, and is rounded to 24.
    let estimate = fovea_estimate_reciprocal16(x)
    return multiplyAdd(estimate, estimate, multiplyAdd(Vector(repeating: 1), -x, estimate))
    #else
    1 / x
    #endif
}
