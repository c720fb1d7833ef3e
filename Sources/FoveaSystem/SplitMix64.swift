/// A small random number generator with a seed, for numbers that shall be the same on every run (Steele, Lea and Flood, 2014).
///
/// Public and inlinable, so that tests that draw millions of numbers take it into their own loops.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    /// A generator that begins here.
    @inlinable public init(seed: UInt64) { state = seed }

    /// The next number.
    @inlinable public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
