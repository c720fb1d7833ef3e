extension InstructionSet {
    /// The `OPENBLAS_CORETYPE` that has OpenBLAS use this instruction set, or nil where it does already.
    ///
    /// A release knows the processors of its time. A newer AMD is a Zen to it, a newer Intel a Haswell or, where it was built without telling those apart,
    /// the Prescott of 2004, whose kernels are SSE3 (`dynamic.c` of OpenBLAS).
    ///
    /// - Parameter core: the core type that OpenBLAS chose, as `openblas_get_corename` spells it
    package func openBLASCore(insteadOf core: String) -> String? {
        let avx512 = ["SkylakeX", "Cooperlake", "SapphireRapids"]
        switch self {
        case .avx512: return avx512.contains(core) ? nil : "SKYLAKEX"
        case .avx2: return (avx512 + ["Haswell", "Zen", "Excavator"]).contains(core) ? nil : "HASWELL"
        case .baseline: return nil
        }
    }
}
