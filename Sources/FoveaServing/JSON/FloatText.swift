/// Decimal text of floats, fast enough for maps of tens of thousands of them.
enum FloatText {
    /// Appends the shortest decimal that reads back as `number`; `null` for NaN and the infinities.
    ///
    /// Most numbers of a map lie between 1e-4 and 1: for those the digits are searched in double precision, without a string.
    /// Six digits always survive a float, and nine always suffice, so at most four candidates are tried. A candidate counts only if
    /// it reads back as the same float; see `readsBack` for why that test is exact.
    static func append(_ number: Float, to bytes: inout [UInt8]) {
        guard number.isFinite else {
            bytes.append(contentsOf: "null".utf8)
            return
        }
        let magnitude = number.magnitude
        guard magnitude >= 1e-4, magnitude < 1 else {
            append(slowly: number, to: &bytes)
            return
        }
        let exact = Double(magnitude)
        // The number of zeros between the point and the first digit.
        let zeros = magnitude >= 0.1 ? 0 : magnitude >= 0.01 ? 1 : magnitude >= 0.001 ? 2 : 3
        // Seven first, since few floats have six; whether six suffice is asked of those that seven suffice for.
        var found = candidate(exact, magnitude, places: 7 + zeros)
        if found != nil {
            found = candidate(exact, magnitude, places: 6 + zeros) ?? found
        } else {
            found = candidate(exact, magnitude, places: 8 + zeros) ?? candidate(exact, magnitude, places: 9 + zeros)
        }
        guard let found else {
            append(slowly: number, to: &bytes)
            return
        }
        if number.sign == .minus { bytes.append(UInt8(ascii: "-")) }
        append(fraction: found.digits, places: found.places, to: &bytes)
    }

    /// The decimal of so many places that is nearest to `exact`, where it reads back as `magnitude`. It has nine digits at most.
    private static func candidate(_ exact: Double, _ magnitude: Float, places: Int) -> (digits: UInt32, places: Int)? {
        let power = powersOfTen[places]
        let candidate = (exact * power).rounded(.toNearestOrEven)
        guard candidate < power, candidate < 4e9, readsBack(candidate / power, as: magnitude) else { return nil }
        return (UInt32(candidate), places)
    }

    /// `decimal` is the double nearest to a decimal of at most 12 digits. Rounding that decimal to a float by way of the double gives the same float as
    /// rounding it at once, unless the double is exactly the middle between two floats, which its 29 lowest bits show.
    private static func readsBack(_ decimal: Double, as number: Float) -> Bool {
        Float(decimal) == number && decimal.bitPattern & 0x1FFF_FFFF != 0x1000_0000
    }

    /// Appends `0.` and `value` in `places` digits, less the zeros at its end.
    private static func append(fraction value: UInt32, places: Int, to bytes: inout [UInt8]) {
        var value = value
        var places = places
        while places > 1, value % 10 == 0 {
            value /= 10
            places -= 1
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: places + 2))
        bytes[start + 1] = UInt8(ascii: ".")
        var position = start + 1 + places
        while value > 0 {
            bytes[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
            value /= 10
            position -= 1
        }
    }

    private static func append(slowly number: Float, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: number.description.utf8)
    }

    private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]
}
