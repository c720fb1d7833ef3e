import ArgumentParser
import FoveaKernels

extension InstructionSet {
    /// Checks what the environment's `FOVEA_ISA` names: the kernels themselves take the best set of the machine where it is none that they know.
    ///
    /// - Throws: `ValidationError` that tells the names, or those of this machine.
    static func check(environment: Environment = Environment()) throws {
        let wish = try environment.choice(nil, "isa", default: InstructionSet.baseline)
        guard wish.isSupported else {
            let supported = allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
            throw ValidationError("FOVEA_ISA is '\(wish.rawValue)', which this machine does not have; it has \(supported).")
        }
    }
}
