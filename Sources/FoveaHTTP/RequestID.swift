/// Ids for requests that brought none.
package enum RequestID {
    /// 128 random bits in hexadecimal.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for _ in 0..<2 {
            let word = generator.next()
            for shift in stride(from: 60, through: 0, by: -4) { bytes.append(ASCII.hexDigit(UInt8(word >> UInt64(shift) & 15))) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
