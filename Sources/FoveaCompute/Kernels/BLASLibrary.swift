import COpenBLAS

/// The OpenBLAS that this process runs with.
package enum BLASLibrary {
    /// The processor that its kernels are for, `Haswell` or `SkylakeX`.
    package static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "" }
}
