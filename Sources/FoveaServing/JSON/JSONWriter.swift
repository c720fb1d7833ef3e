import FoundationEssentials
import FoveaHTTP

/// Writes JSON (RFC 8259) into bytes, in the order of the calls.
///
/// A response may hold tens of thousands of floats, so there is no tree in between and nothing is allocated per value.
/// Commas are the writer's care; that keys and values alternate inside an object is the caller's.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8]
    /// Whether the next key or array element follows another one.
    private var needsComma = false

    /// About how many bytes a number of a map takes, its comma with it.
    static let numberBytes = 12
    /// About how many bytes one of the best classes takes, with its label and its numbers.
    static let classBytes = 100

    /// An empty document.
    public init(reservingCapacity capacity: Int = 1024) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Writes `{…}`.
    public mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes `[…]`.
    public mutating func array(_ elements: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        elements(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a member's name; its value must come next.
    public mutating func key(_ name: String) {
        separate()
        JSONText.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func value(_ text: String) {
        separate()
        JSONText.append(text, to: &bytes)
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func value(_ number: Int) {
        literal(number.description)
    }

    /// Writes `true` or `false`.
    public mutating func value(_ flag: Bool) {
        literal(flag ? "true" : "false")
    }

    /// Writes the shortest decimal that reads back as the same number; `null` for what JSON has no number for.
    public mutating func value(_ number: Double) {
        literal(number.isFinite ? number.description : "null")
    }

    /// Writes the shortest decimal that reads back as the same number; `null` for what JSON has no number for.
    public mutating func value(_ number: Float) {
        separate()
        FloatText.append(number, to: &bytes)
        needsComma = true
    }

    /// Writes milliseconds with three digits after the point: a clock's finer digits are noise.
    public mutating func milliseconds(_ duration: Duration) {
        value((duration / .microseconds(1)).rounded() / 1000)
    }

    /// Writes an array of whole numbers.
    public mutating func value(_ numbers: [Int]) {
        array { writer in
            for number in numbers { writer.value(number) }
        }
    }

    /// Writes an array of strings.
    public mutating func value(_ texts: [String]) {
        array { writer in
            for text in texts { writer.value(text) }
        }
    }

    /// Writes an array of floats.
    public mutating func value(_ numbers: [Float]) {
        value(joining: [numbers])
    }

    /// Writes the floats of several rows as one array. Whoever writes many of them reserves room for all: to reserve it here, array by array, would copy what
    /// is there already each time.
    mutating func value(joining rows: [[Float]]) {
        array { writer in
            for row in rows where !row.isEmpty {
                writer.separate()
                FloatText.append(row, to: &writer.bytes)
                writer.needsComma = true
            }
        }
    }

    /// Writes bytes as a string in base64 (RFC 4648, section 4).
    public mutating func base64(_ data: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: Data(data).base64EncodedData())
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a finished JSON text, as another writer made it.
    public mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
