/// Why a text is not the JSON that is read, and where.
public struct JSONFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes before it.
    public let position: Int
    /// Counted from 1.
    public let line: Int
    /// The byte in its line, from 1.
    public let byte: Int
    /// What was found, or expected there.
    public let reason: String

    /// As part of a sentence, without a full stop.
    public var description: String { "line \(line), byte \(byte): \(reason)" }

    init(_ reason: String, at position: Int, in bytes: [UInt8]) {
        let before = bytes.prefix(position)
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        self.position = position
        line = 1 + before.count { $0 == 0x0A }
        byte = before.count - start + 1
        self.reason = reason
    }
}
