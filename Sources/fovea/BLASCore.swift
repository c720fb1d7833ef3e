import FoveaCompute
import FoveaKernels
import Glibc

/// OpenBLAS picks its kernels when it is loaded, and takes a processor that is newer than itself for an older one.
enum BLASCore {
    /// Starts the process anew with the right core type in the environment, where OpenBLAS chose one that leaves the instruction set unused.
    ///
    /// `OPENBLAS_CORETYPE` wins where it is set, and is then handed down, so that this happens once at most.
    static func choose() {
        guard getenv("OPENBLAS_CORETYPE") == nil, let core = InstructionSet.current.openBLASCore(insteadOf: BLAS.core) else { return }
        setenv("OPENBLAS_CORETYPE", core, 1)
        // Else it starts a thread for each processor, none of which gets any work here, and each looks for some for a while: as much time as loading
        // a few small models takes.
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        // Returns only where it failed; then the slower kernels serve.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
