import COpenBLAS

/// OpenBLAS, told to run on the thread that calls it: the work is split over this project's own threads.
public enum BLAS {
    /// The processor that the loaded library's kernels are for, `Haswell` or `SkylakeX`.
    public static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "" }

    private static let configured: Void = openblas_set_num_threads(1)

    /// C [m, n] = A [m, k] · B [k, n], or the transpose of B [n, k], all row-major; `lda`, `ldb` and `ldc` are the distances of their rows.
    @inline(__always)
    static func multiply(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int, transposed: Bool = false,
        _ c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        _ = configured
        // Sizes come from graphs, whose values have at most 2³⁰ elements.
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, blasint(truncatingIfNeeded: m),
            blasint(truncatingIfNeeded: n),
            blasint(truncatingIfNeeded: k), 1, a, blasint(truncatingIfNeeded: lda), b, blasint(truncatingIfNeeded: ldb), 0, c,
            blasint(truncatingIfNeeded: ldc))
    }
}
