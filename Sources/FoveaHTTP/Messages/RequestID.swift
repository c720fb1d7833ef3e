import Synchronization

/// Ids for requests that brought none.
package enum RequestID {
    /// What all ids of this process begin with, and where the count of their second half begins.
    private static let process = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(.random(in: .min ... .max))

    /// 128 bits in hexadecimal: 64 random ones of the process, and 64 that do not come twice in it. A draw for each would be a call to the system.
    package static func make() -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [process, scrambled(count.wrappingAdd(1, ordering: .relaxed).newValue)] {
            for shift in stride(from: 60, through: 0, by: -4) { bytes.append(ASCII.hexDigit(UInt8(word >> UInt64(shift) & 15))) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A permutation of all 64-bit words after which neighbours look unlike: the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast Splittable
    /// Pseudorandom Number Generators", 2014).
    private static func scrambled(_ word: UInt64) -> UInt64 {
        var word = word &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
