/// Percent-decoding (RFC 3986, 2.1) that refuses what is not valid.
package enum PercentCoding {
    /// The decoded text, or `nil` when a `%` is not followed by two hexadecimal digits, or the result is not UTF-8 or holds a NUL.
    ///
    /// - Parameter plusIsSpace: `application/x-www-form-urlencoded`'s rule.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        if !text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 == 0 }) { return String(text) }
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let first = bytes.next(), let high = ASCII.hexValue(first), let second = bytes.next(),
                    let low = ASCII.hexValue(second), high | low != 0
                else { return nil }
                out.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: out.append(ASCII.space)
            case 0: return nil
            default: out.append(byte)
            }
        }
        return String(validating: out, as: UTF8.self)
    }
}
