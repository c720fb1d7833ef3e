extension Int {
    /// The number that decimal digits spell, and nothing else: the standard library's own parser takes signs too, and `+5` is no index.
    ///
    /// Inlinable: each request with a body has its length read so.
    ///
    /// - Parameter digits: ASCII, such as a text's `utf8`.
    /// - Returns: `nil` where there is no digit, anything but digits, or more than an `Int` holds.
    @inlinable public init?(digits: some Collection<UInt8>) {
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        self = value
    }
}
