import FoveaJSON

/// A small JSON reader (RFC 8259) over part of a file, for the headers of safetensors.
///
/// Foundation's readers keep one of two equal keys without a word, build the whole tree and take text of any size. This one is pulled
/// token by token, holds 64 KiB of the file at a time, and gives up at fixed bounds on depth and text, whatever the file holds. What it is told of a
/// value is for its errors, and put into words only then: names are shown with care, which would take half the time of a header.
struct JSONReader {
    /// Text that one header may hold in all: names, and the values of its metadata.
    static let maximumText = 16 << 20
    static let maximumDepth = 32
    private static let chunkSize = 64 << 10

    private let file: CheckpointFile
    private let start: Int
    private let end: Int
    private var chunk: [UInt8] = []
    private var chunkStart: Int
    private var cursor = 0
    private var textLeft = JSONReader.maximumText
    /// Per open object or array: whether an element was read already.
    private var open: [Bool] = []

    init(_ file: CheckpointFile, _ range: Range<Int>) {
        self.file = file
        start = range.lowerBound
        end = range.upperBound
        chunkStart = range.lowerBound
    }

    func fault(_ what: String) -> CheckpointError {
        CheckpointError("\(quoted(file.name)): its JSON is malformed at byte \(chunkStart + cursor - start): \(what).")
    }

    // MARK: Bytes

    private mutating func peek() throws(CheckpointError) -> UInt8? {
        if cursor < chunk.count { return chunk[cursor] }
        chunkStart += chunk.count
        cursor = 0
        chunk = try file.bytes(at: chunkStart, count: min(Self.chunkSize, end - chunkStart))
        return chunk.first
    }

    private mutating func next() throws(CheckpointError) -> UInt8 {
        guard let byte = try peek() else { throw fault("it ends in the middle of a value") }
        cursor += 1
        return byte
    }

    /// The next byte that is no white space, without taking it.
    private mutating func peekToken() throws(CheckpointError) -> UInt8? {
        while let byte = try peek() {
            guard Self.isSpace(byte) else { return byte }
            skipSpace(byte)
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Passes over white space, equal bytes 64 at a time: a header may be padded with any number of them.
    private mutating func skipSpace(_ first: UInt8) {
        cursor = chunk.withUnsafeBytes { bytes in
            var place = cursor
            let padding = SIMD64<UInt8>(repeating: first)
            while bytes.count - place >= 64, bytes.loadUnaligned(fromByteOffset: place, as: SIMD64<UInt8>.self) == padding { place += 64 }
            while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
            return place
        }
    }

    /// Takes the bytes up to the next quote, backslash or control character, or as far as the chunk and the bound on text reach.
    private mutating func readPlainText(into text: inout [UInt8]) {
        let end = chunk.withUnsafeBytes { bytes in
            var place = cursor
            let limit = min(bytes.count, cursor + textLeft)
            while place < limit, bytes[place] >= 0x20, bytes[place] != 0x22, bytes[place] != 0x5C { place += 1 }
            return place
        }
        text += chunk[cursor..<end]
        textLeft -= end - cursor
        cursor = end
    }

    private mutating func expect(_ wanted: UInt8, _ what: @autoclosure () -> String) throws(CheckpointError) {
        guard try peekToken() == wanted else { throw fault("expected \(what())") }
        cursor += 1
    }

    // MARK: Structure

    mutating func beginObject(_ what: @autoclosure () -> String) throws(CheckpointError) {
        try expect(UInt8(ascii: "{"), "an object (\(what()))")
        try push()
    }

    mutating func beginArray(_ what: @autoclosure () -> String) throws(CheckpointError) {
        try expect(UInt8(ascii: "["), "an array (\(what()))")
        try push()
    }

    private mutating func push() throws(CheckpointError) {
        guard open.count < Self.maximumDepth else { throw fault("it is nested deeper than \(Self.maximumDepth) levels") }
        open.append(false)
    }

    /// The next key of the object that is open, with its colon taken, or nil once the object is closed.
    mutating func nextKey() throws(CheckpointError) -> String? {
        guard try nextItem(closing: UInt8(ascii: "}"), "',' or '}'") else { return nil }
        let key = try readString("a key")
        try expect(UInt8(ascii: ":"), "':' after a key")
        return key
    }

    /// Whether the array that is open has one more element; false once it is closed.
    mutating func nextElement() throws(CheckpointError) -> Bool {
        try nextItem(closing: UInt8(ascii: "]"), "',' or ']'")
    }

    private mutating func nextItem(closing: UInt8, _ what: String) throws(CheckpointError) -> Bool {
        if try peekToken() == closing {
            cursor += 1
            open.removeLast()
            return false
        }
        if open.last == true {
            try expect(UInt8(ascii: ","), what)
        } else {
            open[open.count - 1] = true
        }
        return true
    }

    /// Nothing but white space may follow the outermost value.
    mutating func finish() throws(CheckpointError) {
        guard try peekToken() == nil else { throw fault("something follows the header's closing brace") }
    }

    // MARK: Values

    mutating func readString(_ what: @autoclosure () -> String) throws(CheckpointError) -> String {
        try expect(UInt8(ascii: "\""), "a string (\(what()))")
        var text: [UInt8] = []
        while true {
            readPlainText(into: &text)
            guard textLeft > 0 else { throw fault("it holds more than \(Self.maximumText) bytes of text") }
            textLeft -= 1
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("a string is not UTF-8") }
                return string
            case UInt8(ascii: "\\"):
                try JSONEscape.read(into: &text) { () throws(CheckpointError) in
                    try next()
                } fault: {
                    fault($0)
                }
            case 0..<0x20: throw fault("a string holds an unescaped control character")
            default: text.append(byte)
            }
        }
    }

    /// A whole number from 0 to 2⁶³ − 1: no sign, no fraction, no exponent, no leading zero.
    mutating func readCount(_ what: @autoclosure () -> String) throws(CheckpointError) -> Int {
        var value = 0
        var digits = 0
        _ = try peekToken()
        while let byte = try peek(), (0x30...0x39).contains(byte) {
            if digits > 0, value == 0 { throw fault("a number with a leading zero (\(what()))") }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry else { throw fault("a number too large for 64 bits (\(what()))") }
            value = sum
            digits += 1
            cursor += 1
        }
        guard digits > 0 else { throw fault("expected a whole number that is not negative (\(what()))") }
        if let byte = try peek(), [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
            throw fault("expected a whole number (\(what()))")
        }
        return value
    }

    /// Passes over any value, checking its form.
    mutating func skipValue() throws(CheckpointError) {
        // Counted as text, so that a header of nothing but values to pass over comes to an end soon.
        guard textLeft >= 64 else { throw fault("it holds too many values to pass over") }
        textLeft -= 64
        switch try peekToken() {
        case UInt8(ascii: "\""): _ = try readString("a value")
        case UInt8(ascii: "{"):
            try beginObject("a value")
            while try nextKey() != nil { try skipValue() }
        case UInt8(ascii: "["):
            try beginArray("a value")
            while try nextElement() { try skipValue() }
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipWord(_ word: String) throws(CheckpointError) {
        for letter in word.utf8 {
            guard try next() == letter else { throw fault("expected a value") }
        }
    }

    private mutating func skipNumber() throws(CheckpointError) {
        var text: [UInt8] = []
        while let byte = try peek(), "+-.0123456789eE".utf8.contains(byte) {
            guard text.count < 64 else { throw fault("a number of more than 64 characters") }
            text.append(byte)
            cursor += 1
        }
        guard let first = text.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
            Double(String(decoding: text, as: UTF8.self)) != nil
        else { throw fault("expected a value") }
    }
}
