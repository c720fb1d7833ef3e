import FoveaCompute
import FoveaKernels
import Glibc

/// OpenBLAS picks its kernels when it is loaded, and takes a processor that is newer than itself for an old one without AVX-512.
enum BLASCore {
    /// Starts the process anew with the right core type in the environment, where OpenBLAS chose one that leaves AVX-512 unused.
    ///
    /// `OPENBLAS_CORETYPE` wins where it is set, and is then handed down, so that this happens once at most.
    static func choose() {
        guard getenv("OPENBLAS_CORETYPE") == nil, InstructionSet.current == .avx512, ["Haswell", "Zen"].contains(BLAS.core) else {
            return
        }
        setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1)
        // Returns only where it failed; then the slower kernels serve.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
