/// Reads JSON (RFC 8259) value by value, without a tree in between: tensors of a million numbers come this way.
///
/// Strict: equal keys in an object that is read, deep nesting and anything behind the outermost value are refused. Every message tells the byte.
package struct JSONScanner: Sendable {
    /// What the next value is.
    package enum Kind: String, Sendable {
        case object = "an object"
        case array = "an array"
        case string = "a string"
        case number = "a number"
        case bool = "true or false"
        case null = "null"
    }

    package static let maxDepth = 64
    /// Of one object whose keys are read, where nothing else is said.
    package static let maxKeys = 4_096

    private let bytes: [UInt8]
    private let end: Int
    private let keyLimit: Int
    private var position = 0
    private var depth = 0

    /// A scanner of the first `count` bytes; of all where it is `nil`.
    package init(_ bytes: [UInt8], count: Int? = nil, keyLimit: Int = maxKeys) {
        self.bytes = bytes
        self.keyLimit = keyLimit
        end = min(count ?? bytes.count, bytes.count)
    }

    // MARK: Structure

    /// Passes over a byte order mark, which some editors put before a text in UTF-8.
    package mutating func skipByteOrderMark() {
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// What comes next.
    package mutating func kind() throws(JSONFault) -> Kind {
        guard let byte = peek() else { throw fault("expected a value") }
        return switch byte {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: throw fault("expected a value")
        }
    }

    /// Calls `member` for each key; it must take the value.
    package mutating func object(
        _ name: String, _ member: (inout JSONScanner, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        var seen: Set<String> = []
        try members(name) { scanner, key throws(JSONFault) in
            guard seen.insert(key).inserted else { throw scanner.fault("the key '\(key.shown(limit: 80))' is there twice") }
            guard seen.count <= scanner.keyLimit else { throw scanner.fault("\(name) has more than \(scanner.keyLimit) keys") }
            try member(&scanner, key)
        }
    }

    private mutating func members(
        _ name: String, _ member: (inout JSONScanner, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try open(.object, name)
        var isFirst = true
        while try !close(UInt8(ascii: "}"), isFirst: isFirst) {
            isFirst = false
            guard peek() == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes") }
            let key = try string("a key")
            guard peek() == UInt8(ascii: ":") else { throw fault("expected ':' after the key '\(key.shown(limit: 80))'") }
            position += 1
            try member(&self, key)
        }
    }

    /// Calls `element` for each element; it must take the value.
    package mutating func array(
        _ name: String, _ element: (inout JSONScanner, Int) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try open(.array, name)
        var index = 0
        while try !close(UInt8(ascii: "]"), isFirst: index == 0) {
            try element(&self, index)
            index += 1
        }
    }

    /// Takes any value. Keys are not held against each other: nobody reads them.
    package mutating func skip() throws(JSONFault) {
        switch try kind() {
        case .object: try members("a value") { scanner, _ throws(JSONFault) in try scanner.skip() }
        case .array: try array("a value") { scanner, _ throws(JSONFault) in try scanner.skip() }
        case .string: _ = try string("a value")
        case .number: _ = try number("a value")
        case .bool: _ = try bool("a value")
        case .null: _ = try null()
        }
    }

    /// Takes a `null`, where one is next.
    package mutating func null() throws(JSONFault) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Nothing but white space may follow the outermost value.
    package mutating func finish() throws(JSONFault) {
        guard peek() == nil else { throw fault("something follows the outermost value") }
    }

    // MARK: Values

    package mutating func bool(_ name: String) throws(JSONFault) -> Bool {
        switch peek() {
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default: throw fault("\(name) must be true or false")
        }
        return true
    }

    /// A whole number of at most 2⁵³.
    package mutating func integer(_ name: String) throws(JSONFault) -> Int {
        let number = try number(name)
        guard let whole = Int(exactly: number), number.magnitude <= 0x1p53 else { throw fault("\(name) must be a whole number") }
        return whole
    }

    package mutating func number(_ name: String) throws(JSONFault) -> Double {
        guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else { throw fault("\(name) must be a number") }
        let start = position
        let isNegative = first == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var mantissa: UInt64 = 0
        var exponent = 0
        let whole = digits(into: &mantissa)
        guard whole > 0, whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw fault("a malformed number") }
        var count = whole
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let fraction = digits(into: &mantissa)
            guard fraction > 0 else { throw fault("a malformed number") }
            count += fraction
            exponent = -fraction
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            let sign = position < end && bytes[position] == UInt8(ascii: "-")
            if position < end, sign || bytes[position] == UInt8(ascii: "+") { position += 1 }
            var power: UInt64 = 0
            let length = digits(into: &power)
            guard length > 0 else { throw fault("a malformed number") }
            exponent += (sign ? -1 : 1) * Int(length > 6 ? 999_999 : power)
        }
        // Fifteen digits and the powers of ten up to 10²² are doubles, and so one rounding is all there is.
        if count <= 15, exponent.magnitude < Self.powersOfTen.count {
            let power = Self.powersOfTen[Int(exponent.magnitude)]
            let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return isNegative ? -value : value
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw fault("a number out of range")
        }
        return value
    }

    package mutating func string(_ name: String) throws(JSONFault) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw fault("\(name) must be a string") }
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while position < end, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
                position += 1
            }
            text += bytes[start..<position]
            switch next() {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("\(name) is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case nil: throw fault(Self.openString)
            default:
                position -= 1
                throw fault("a control character, or the line's end, stands unescaped in a string")
            }
        }
    }

    /// Appends the numbers of an array, and of arrays in it, row by row.
    package mutating func numbers(_ name: String, into values: inout [Float]) throws(JSONFault) {
        try open(.array, name)
        var isFirst = true
        while try !close(UInt8(ascii: "]"), isFirst: isFirst) {
            isFirst = false
            if peek() == UInt8(ascii: "[") {
                try numbers(name, into: &values)
            } else {
                let value = Float(try number(name))
                guard value.isFinite else { throw fault("a number that float32 cannot hold") }
                values.append(value)
            }
        }
    }

    /// Appends the strings of an array, and of arrays in it, row by row.
    ///
    /// - Parameter most: more strings than this are refused, before they take memory.
    package mutating func strings(_ name: String, into texts: inout [String], most: Int) throws(JSONFault) {
        try open(.array, name)
        var isFirst = true
        while try !close(UInt8(ascii: "]"), isFirst: isFirst) {
            isFirst = false
            if peek() == UInt8(ascii: "[") {
                try strings(name, into: &texts, most: most)
                continue
            }
            guard texts.count < most else { throw fault("\(name) has more than \(most) elements") }
            texts.append(try string(name))
        }
    }

    /// The kind of the first element of an array, and of the array within it; `nil` where it is empty.
    package func elementKind() throws(JSONFault) -> Kind? {
        var probe = self
        while probe.peek() == UInt8(ascii: "[") { probe.position += 1 }
        return probe.peek() == UInt8(ascii: "]") ? nil : try probe.kind()
    }

    /// What is wrong where the scanner stands.
    package func fault(_ reason: String) -> JSONFault { JSONFault(reason, at: position, in: bytes) }

    // MARK: -

    /// The next byte that is no white space, without taking it.
    private mutating func peek() -> UInt8? {
        while position < end {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    private mutating func next() -> UInt8? {
        guard position < end else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func open(_ wanted: Kind, _ name: String) throws(JSONFault) {
        guard peek() == UInt8(ascii: wanted == .object ? "{" : "[") else { throw fault("\(name) must be \(wanted.rawValue)") }
        guard depth < Self.maxDepth else { throw fault("it is nested deeper than \(Self.maxDepth) levels") }
        depth += 1
        position += 1
    }

    /// Takes the closing bracket, or the comma before the next item.
    private mutating func close(_ bracket: UInt8, isFirst: Bool) throws(JSONFault) -> Bool {
        let byte = peek()
        if byte == bracket {
            position += 1
            depth -= 1
            return true
        }
        if isFirst { return false }
        guard byte == UInt8(ascii: ",") else { throw fault("expected ',' or '\(Character(Unicode.Scalar(bracket)))'") }
        position += 1
        return false
    }

    private mutating func word(_ text: StaticString) throws(JSONFault) {
        let count = text.utf8CodeUnitCount
        let isThere = end - position >= count && text.withUTF8Buffer { bytes[position..<position + count].elementsEqual($0) }
        guard isThere else { throw fault("expected a value") }
        position += count
    }

    /// Takes digits, the first nineteen of them into `value`.
    private mutating func digits(into value: inout UInt64) -> Int {
        let start = position
        while position < end, Self.isDigit(bytes[position]) {
            if value < 1_000_000_000_000_000_000 { value = value * 10 + UInt64(bytes[position] - UInt8(ascii: "0")) }
            position += 1
        }
        return position - start
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        try JSONEscape.read(into: &text) { () throws(JSONFault) in
            guard let byte = next() else { throw fault(Self.openString) }
            return byte
        } fault: {
            fault($0)
        }
    }

    private static let openString = "it ends inside a string"

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
