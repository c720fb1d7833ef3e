import CLibFuzzer
import Foundation

/// `fuzz TARGET [libFuzzer's options] [corpora]`.
@main enum Fuzz {
    static func main() {
        var arguments = CommandLine.arguments
        guard arguments.count > 1, let target = Target(rawValue: arguments.remove(at: 1)) else {
            print("usage: fuzz \(Target.allCases.map(\.rawValue).joined(separator: "|")) [option ...] [corpus ...]")
            exit(64)
        }
        // libFuzzer keeps them for as long as it runs.
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var count = Int32(arguments.count)
        let code = pointers.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard var base = buffer.baseAddress else { return 1 }
            return LLVMFuzzerRunDriver(&count, &base, target.test)
        }
        exit(code)
    }
}
