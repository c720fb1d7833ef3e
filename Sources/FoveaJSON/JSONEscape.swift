/// What stands behind a backslash in a string (RFC 8259, section 7).
package enum JSONEscape {
    /// Reads one escape, from behind its backslash on, and appends what it stands for, in UTF-8.
    ///
    /// - Parameter next: takes the next byte; throws where there is none
    /// - Parameter fault: an error that tells what is wrong
    package static func read<Fault: Error>(
        into text: inout [UInt8], next: () throws(Fault) -> UInt8, fault: (_ reason: String) -> Fault
    ) throws(Fault) {
        switch try next() {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal(next, fault)
            if (0xD800..<0xDC00).contains(code) {
                guard try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else { throw fault(Self.loneSurrogate) }
                let low = try hexadecimal(next, fault)
                guard (0xDC00..<0xE000).contains(low) else { throw fault(Self.loneSurrogate) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault(Self.loneSurrogate) }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw fault("an escape that JSON does not have")
        }
    }

    private static let loneSurrogate = "half a surrogate pair stands alone"

    private static func hexadecimal<Fault: Error>(
        _ next: () throws(Fault) -> UInt8, _ fault: (_ reason: String) -> Fault
    ) throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("\\u needs four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
        }
        return code
    }
}
