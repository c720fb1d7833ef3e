/// Takes little-endian numbers and stretches of bytes from an array, never past its end.
struct ByteReader {
    let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var remaining: Int { bytes.count - position }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// An unsigned little-endian number of `width` bytes, at most 8.
    mutating func number(_ width: Int) -> UInt64? {
        guard let taken = take(width) else { return nil }
        return taken.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The same as an `Int`; nil also where it does not fit one.
    mutating func int(_ width: Int) -> Int? {
        number(width).flatMap { Int(exactly: $0) }
    }

    /// The bytes before the next line feed, which is taken too.
    mutating func line(limit: Int) -> ArraySlice<UInt8>? {
        let window = bytes[position..<min(bytes.count, position + limit)]
        guard let end = window.firstIndex(of: 0x0A) else { return nil }
        defer { position = end + 1 }
        return bytes[position..<end]
    }
}
