import CFoveaProcessor
import FoveaCompute
import FoveaKernelsAVX2
import FoveaKernelsAVX512
import FoveaKernelsBaseline
import Glibc

/// The instruction sets that the kernels are built for, the least first.
package enum InstructionSet: String, Sendable, CaseIterable {
    case baseline, avx2, avx512

    /// Whether this machine runs it.
    package var isSupported: Bool {
        switch self {
        case .baseline: true
        case .avx2: fovea_has_avx2() != 0
        case .avx512: fovea_has_avx512() != 0
        }
    }

    /// The loops built for it.
    package var kernels: any KernelSet.Type {
        switch self {
        case .baseline: FoveaKernelsBaseline.Kernels.self
        case .avx2: FoveaKernelsAVX2.Kernels.self
        case .avx512: FoveaKernelsAVX512.Kernels.self
        }
    }

    /// The best that this machine runs, or the lesser one that the environment variable `FOVEA_ISA` names.
    package static let current: InstructionSet = {
        let supported = allCases.filter(\.isSupported)
        let wish = getenv("FOVEA_ISA").flatMap { InstructionSet(rawValue: String(cString: $0)) }
        return supported.last { $0 == wish } ?? supported.last ?? .baseline
    }()
}
