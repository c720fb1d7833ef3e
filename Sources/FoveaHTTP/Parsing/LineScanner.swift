/// Collects one line up to its CRLF, across any split of the input.
///
/// Only CRLF ends a line. RFC 9112, 2.2, allows a recipient to take a bare LF too; we do not, since two parsers that disagree about line ends are
/// what request smuggling needs. A bare CR, and any control character but a tab, is refused as soon as it is seen.
struct LineScanner: Sendable {
    enum Outcome: Equatable {
        /// The input ran out.
        case more
        /// A line, without its CRLF.
        case line([UInt8])
        /// The line passed its limit.
        case tooLong(beginning: [UInt8])
        /// A byte that no line may hold.
        case invalid(String)
    }

    private var buffer: [UInt8] = []
    private var sawCR = false

    /// Whether no byte of a line was taken yet.
    var isEmpty: Bool { buffer.isEmpty && !sawCR }

    /// Takes bytes off the front of `input` until a line is whole.
    ///
    /// - Parameter limit: the most bytes before the CRLF.
    mutating func scan(_ input: inout ArraySlice<UInt8>, limit: Int) -> Outcome {
        if !sawCR, let outcome = scanWhole(&input, limit: limit) { return outcome }
        var index = input.startIndex
        let end = input.endIndex
        defer { input = input[index..<end] }
        while index < end {
            let byte = input[index]
            index += 1
            if sawCR {
                guard byte == ASCII.lf else { return .invalid("a CR that is not followed by LF") }
                sawCR = false
                defer { buffer.removeAll(keepingCapacity: true) }
                return .line(buffer)
            }
            switch byte {
            case ASCII.cr: sawCR = true
            case ASCII.lf: return .invalid("a LF without a CR before it")
            case ASCII.tab: buffer.append(byte)
            case 0..<0x20, 0x7f: return .invalid("the control character 0x\(String(byte, radix: 16))")
            default: buffer.append(byte)
            }
            if buffer.count > limit { return .tooLong(beginning: buffer) }
        }
        return .more
    }

    /// The line that the input holds whole, up to and with its CRLF: what most lines are, and far cheaper than byte by byte. `nil` for any other, of which
    /// nothing is taken.
    private mutating func scanWhole(_ input: inout ArraySlice<UInt8>, limit: Int) -> Outcome? {
        guard let cr = input.firstIndex(where: { $0 < 0x20 || $0 == 0x7f }), input[cr] == ASCII.cr, cr + 1 < input.endIndex,
            input[cr + 1] == ASCII.lf, buffer.count + cr - input.startIndex <= limit
        else { return nil }
        defer { input = input[(cr + 2)...] }
        if buffer.isEmpty { return .line(Array(input[..<cr])) }
        buffer.append(contentsOf: input[..<cr])
        defer { buffer.removeAll(keepingCapacity: true) }
        return .line(buffer)
    }
}
