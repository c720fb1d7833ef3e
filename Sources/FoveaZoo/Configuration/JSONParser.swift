extension JSONValue {
    /// Reads a whole JSON text (RFC 8259), which is UTF-8; a byte order mark before it is passed over.
    ///
    /// Strict where other readers are lenient or differ. A comma before a closing bracket is refused, as by Python's `json`, which timm reads
    /// with. Equal keys are too: Python takes the last and others the first, no program writes them, and which one was meant by who edited the
    /// file is a guess that would change every answer without a word.
    /// - Throws: where the text is no JSON or is nested deeper than 128 levels, and why.
    public init(json bytes: [UInt8]) throws(JSONFault) {
        var parser = JSONParser(bytes)
        self = try parser.parse()
    }
}

/// What ``JSONValue/init(json:)`` reads with.
private struct JSONParser {
    private static let maxDepth = 128

    private let bytes: [UInt8]
    private var position: Int
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func parse() throws(JSONFault) -> JSONValue {
        let value = try value()
        guard peek() == nil else { throw fault("something follows the outermost value") }
        return value
    }

    // MARK: Structure

    private mutating func value() throws(JSONFault) -> JSONValue {
        guard let first = peek() else { throw fault("the text ends where a value should be") }
        switch first {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw noValue
        }
    }

    private mutating func object() throws(JSONFault) -> JSONValue {
        try open()
        var members: [String: JSONValue] = [:]
        while try !closes(UInt8(ascii: "}"), isFirst: members.isEmpty) {
            guard peek() == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes, or '}'") }
            let start = position
            let key = try string()
            guard members[key] == nil else { throw fault("the key \"\(key.prefix(80))\" is there twice", at: start) }
            guard peek() == UInt8(ascii: ":") else { throw fault("expected ':' after the key \"\(key.prefix(80))\"") }
            position += 1
            members[key] = try value()
        }
        return .object(members)
    }

    private mutating func array() throws(JSONFault) -> JSONValue {
        try open()
        var elements: [JSONValue] = []
        while try !closes(UInt8(ascii: "]"), isFirst: elements.isEmpty) { elements.append(try value()) }
        return .array(elements)
    }

    private mutating func open() throws(JSONFault) {
        guard depth < Self.maxDepth else { throw fault("it is nested deeper than \(Self.maxDepth) levels") }
        depth += 1
        position += 1
    }

    /// Takes the closing bracket, or the comma before the next item.
    private mutating func closes(_ bracket: UInt8, isFirst: Bool) throws(JSONFault) -> Bool {
        let byte = peek()
        let name = Character(Unicode.Scalar(bracket))
        if byte == bracket {
            position += 1
            depth -= 1
            return true
        }
        if isFirst { return false }
        guard byte == UInt8(ascii: ",") else { throw fault("expected ',' or '\(name)'") }
        let comma = position
        position += 1
        guard peek() != bracket else { throw fault("a comma stands before '\(name)', where JSON has none", at: comma) }
        return false
    }

    // MARK: Values

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw noValue }
        position += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONFault) -> Double {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = digits()
        var isWellFormed = whole == 1 || whole > 1 && bytes[position - whole] != UInt8(ascii: "0")
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            if digits() == 0 { isWellFormed = false }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            if digits() == 0 { isWellFormed = false }
        }
        guard isWellFormed else { throw fault("a malformed number", at: start) }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw fault("a number out of range", at: start)
        }
        return value
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONFault) -> String {
        let first = position
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while position < bytes.count, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
                bytes[position] != UInt8(ascii: "\\")
            {
                position += 1
            }
            text += bytes[start..<position]
            switch next() {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("a string is not UTF-8", at: first) }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case nil: throw fault("a string is not closed", at: first)
            default: throw fault("a control character, or the line's end, stands unescaped in a string", at: position - 1)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
        let start = position - 1
        switch next() {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") else {
                    throw fault("half a surrogate pair stands alone", at: start)
                }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair stands alone", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair stands alone", at: start) }
            text.append(contentsOf: Array(String(scalar).utf8))
        default: throw fault("an escape that JSON does not have", at: start)
        }
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next(), byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("\\u needs four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
        }
        return code
    }

    // MARK: Bytes

    /// The next byte that is no white space, without taking it.
    private mutating func peek() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private var noValue: JSONFault {
        fault("expected a value: an object, a list, a number, a text in double quotes, true, false or null")
    }

    private func fault(_ reason: String, at place: Int? = nil) -> JSONFault {
        JSONFault(reason, at: place ?? position, in: bytes)
    }
}
