/// Decimal text of floats, fast enough for maps of tens of thousands of them: the same text as `description`, several times faster.
enum FloatText {
    /// The longest text: a sign, nine digits, the point, and an exponent of two digits.
    private static let longest = 16

    /// Appends the shortest decimal that reads back as `number`; `null` for NaN and the infinities.
    static func append(_ number: Float, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { text in
            let end = write(number, to: text, at: 0)
            bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: text[..<end]))
        }
    }

    /// Appends many of them with commas between.
    static func append(_ numbers: [Float], to bytes: inout [UInt8]) {
        // Piece by piece into memory whose end is known to be far enough, so that no digit asks for room.
        let piece = 256
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: piece * (longest + 1)) { text in
            for start in stride(from: 0, to: numbers.count, by: piece) {
                var end = 0
                for index in start..<min(start + piece, numbers.count) {
                    if index > 0 {
                        text[end] = UInt8(ascii: ",")
                        end += 1
                    }
                    end = write(numbers[index], to: text, at: end)
                }
                bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: text[..<end]))
            }
        }
    }

    /// - Returns: where the text ends.
    private static func write(_ number: Float, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        var end = start
        guard number.isFinite else { return write("null", to: text, at: end) }
        if number.sign == .minus {
            text[end] = UInt8(ascii: "-")
            end += 1
        }
        let magnitude = number.magnitude
        if magnitude == 0 { return write("0.0", to: text, at: end) }
        let decimal = ShortestDecimal(magnitude)
        let count = digitCount(decimal.digits)
        /// Digits before the point.
        let point = count + decimal.exponent
        // As the standard library has it: whole numbers that a float holds exactly, and at most three zeros behind the point.
        if magnitude > 0x1p24 || point < -3 {
            end = write(decimal.digits, count, point: 1, to: text, at: end)
            text[end] = UInt8(ascii: "e")
            let exponent = point - 1
            text[end + 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
            write(UInt32(exponent.magnitude), to: text, at: end + 2, count: 2)
            return end + 4
        }
        if point > 0, decimal.exponent < 0 { return write(decimal.digits, count, point: point, to: text, at: end) }
        if point > 0 {
            write(decimal.digits, to: text, at: end, count: count)
            end += count
            for _ in 0..<decimal.exponent {
                text[end] = UInt8(ascii: "0")
                end += 1
            }
            return write(".0", to: text, at: end)
        }
        end = write("0.", to: text, at: end)
        for _ in 0..<(-point) {
            text[end] = UInt8(ascii: "0")
            end += 1
        }
        write(decimal.digits, to: text, at: end, count: count)
        return end + count
    }

    /// Digits with a point behind so many of them, where more follow.
    private static func write(
        _ digits: UInt32, _ count: Int, point: Int, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int
    ) -> Int {
        guard count > point else {
            write(digits, to: text, at: start, count: count)
            return start + count
        }
        write(digits, to: text, at: start + 1, count: count)
        for place in start..<start + point { text[place] = text[place + 1] }
        text[start + point] = UInt8(ascii: ".")
        return start + count + 1
    }

    private static func write(_ ascii: StaticString, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
        for offset in 0..<ascii.utf8CodeUnitCount { text[start + offset] = ascii.utf8Start[offset] }
        return start + ascii.utf8CodeUnitCount
    }

    /// Writes `value` in so many digits, two at a time from the back.
    private static func write(_ value: UInt32, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int, count: Int) {
        var value = value
        var place = start + count
        while place - start >= 2 {
            let pair = value % 100
            value /= 100
            place -= 2
            text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair / 10)
            text[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair % 10)
        }
        if place > start { text[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10) }
    }

    private static func digitCount(_ value: UInt32) -> Int {
        // Most floats of a map have eight or nine digits, or seven.
        if value >= 10_000_000 { return value >= 100_000_000 ? 9 : 8 }
        var count = 7
        var least: UInt32 = 1_000_000
        while count > 1, value < least {
            count -= 1
            least /= 10
        }
        return count
    }
}
