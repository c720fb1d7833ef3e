import FoveaCompute

/// The loops of this instruction set.
package enum Kernels: KernelSet {
    #if FOVEA_AVX512
    package static let name = "avx512"
    #elseif FOVEA_AVX2
    package static let name = "avx2"
    #else
    package static let name = "baseline"
    #endif
}
