import FoveaCompute
import FoveaSystem
import Glibc

/// The same numbers in every run.
package struct Random: RandomNumberGenerator {
    private var generator: SplitMix64

    package init(_ seed: Int) { generator = SplitMix64(seed: UInt64(truncatingIfNeeded: seed) &* 0x2545_F491_4F6C_DD1D) }

    /// How many random cases a test runs: as many as usual, or a multiple of it, which the environment variable `FOVEA_CASES` gives.
    package static func cases(_ usual: Int) -> Int {
        usual * max(1, getenv("FOVEA_CASES").flatMap { Int(String(cString: $0)) } ?? 1)
    }

    package mutating func next() -> UInt64 { generator.next() }

    package mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    package mutating func pick<T>(_ items: [T]) -> T { items[int(0...items.count - 1)] }

    package mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &self) } }

    /// A window of a convolution or pooling that fits a map of at most `side`×`side`.
    package mutating func window(
        kernels: [Int] = [1, 2, 3, 5, 7], dilations: [Int] = [1, 1, 2, 3], side: Int = 17, ceilMode: Bool = false
    ) -> WindowGeometry {
        while true {
            let (kh, kw) = (pick(kernels), pick(kernels))
            let made = WindowGeometry(
                kernel: Extent2D(kh, kw), stride: Extent2D(int(1...3), int(1...3)), padding: Extent2D(int(0...kh / 2), int(0...kw / 2)),
                dilation: Extent2D(pick(dilations), pick(dilations)), input: Extent2D(int(1...side), int(1...side)),
                ceilMode: ceilMode)
            if let made { return made }
        }
    }
}
