import Testing

@testable import FoveaKernels

/// Core types as OpenBLAS spells them, on processors that are newer than it.
@Suite struct OpenBLASCoreTests {
    @Test(arguments: ["Prescott", "Nehalem", "Haswell", "Zen", ""]) func aCoreWithoutAVX512IsReplacedWhereThereIsIt(_ core: String) {
        #expect(InstructionSet.avx512.openBLASCore(insteadOf: core) == "SKYLAKEX")
    }

    @Test(arguments: ["Prescott", "Sandybridge", "Barcelona", ""]) func aCoreWithoutAVX2IsReplacedWhereThereIsIt(_ core: String) {
        #expect(InstructionSet.avx2.openBLASCore(insteadOf: core) == "HASWELL")
    }

    @Test func aCoreThatUsesTheInstructionSetStays() {
        for core in ["SkylakeX", "Cooperlake", "SapphireRapids"] {
            #expect(InstructionSet.avx512.openBLASCore(insteadOf: core) == nil && InstructionSet.avx2.openBLASCore(insteadOf: core) == nil)
        }
        #expect(InstructionSet.avx2.openBLASCore(insteadOf: "Zen") == nil && InstructionSet.avx2.openBLASCore(insteadOf: "Haswell") == nil)
        #expect(InstructionSet.allCases.allSatisfy { $0 != .baseline || $0.openBLASCore(insteadOf: "Prescott") == nil })
    }
}
