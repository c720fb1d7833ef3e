import Foundation
import Testing

/// `FOVEA_ISA`, which no flag stands beside.
@Suite struct InstructionSetTests {
    private func run(_ arguments: [String], _ name: String) throws -> Executable.Outcome {
        try Executable.run(arguments, environment: ["FOVEA_ISA": name])
    }

    @Test(arguments: [
        ["serve", "--port", "0"], ["classify", "docs/images/cat.jpg"], ["models"], ["inspect", "odresnet-cifar10"],
        ["convert", "none", "nowhere"], ["bench", "odresnet-cifar10"], ["explain-eval", "odresnet-cifar10", "docs/images"],
    ])
    func everyCommandRefusesAnUnknownName(_ command: [String]) throws {
        let outcome = try run(command, "bogus")
        #expect(outcome.status == 64 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("FOVEA_ISA is 'bogus'; expected one of baseline, avx2, avx512."), "\(outcome.errors)")
    }

    @Test(arguments: ["AVX2", " avx2", "avx2,avx512", "é", String(repeating: "x", count: 10_000)])
    func namesAreTakenAsTheyAreWritten(_ name: String) throws {
        let outcome = try run(["inspect", "odresnet-cifar10"], name)
        #expect(outcome.status == 64 && outcome.errors.contains("FOVEA_ISA is '\(name)'"))
    }

    @Test(
        arguments: [
            ("baseline", []), ("avx2", ["avx2", "fma"]), ("avx512", ["avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl"]),
        ] as [(String, [String])])
    func aSetIsTakenWhereTheMachineHasIt(_ name: String, _ features: [String]) throws {
        let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(separator: "\n").first { $0.hasPrefix("flags") }
        let has = Set((flags ?? "").split(whereSeparator: \.isWhitespace).map(String.init))
        let outcome = try run(["inspect", "odresnet-cifar10"], name)
        if features.allSatisfy(has.contains) {
            #expect(outcome.status == 0, "\(outcome.errors)")
        } else {
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("FOVEA_ISA is '\(name)'") && outcome.errors.contains("it has baseline"), "\(outcome.errors)")
        }
    }

    @Test func anEmptyNameIsNone() throws {
        #expect(try run(["inspect", "odresnet-cifar10"], "").status == 0)
    }

    @Test func helpAndVersionAreToldAllTheSame() throws {
        for flag in ["--help", "--version"] { #expect(try run([flag], "bogus").status == 0) }
        #expect(try run(["models", "--help"], "bogus").status == 0)
    }
}
