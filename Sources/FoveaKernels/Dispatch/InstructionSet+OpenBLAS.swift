extension InstructionSet {
    /// The `OPENBLAS_CORETYPE` that has OpenBLAS use this instruction set, or nil where it does already.
    ///
    /// A release knows the processors of its time: Debian's 0.3.21 takes a newer AMD for a Zen, and an Emerald Rapids for the Prescott of 2004, whose
    /// kernels are SSE3.
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
