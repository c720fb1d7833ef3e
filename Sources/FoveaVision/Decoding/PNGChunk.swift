/// What stands in front of a chunk's content: its length and its name (PNG specification, 5.3).
struct PNGChunk {
    let name: PNGChunkName
    /// Where the content begins.
    let start: Int
    /// Bytes of content that are announced, whether or not the file has them.
    let count: Int

    /// Nil where no whole chunk header stands at `place`, or something without a name.
    init?(at place: Int, of bytes: [UInt8]) {
        guard place >= 0, bytes.count - place >= 8 else { return nil }
        name = PNGChunkName(code: Self.word(at: place + 4, of: bytes))
        guard name.isName else { return nil }
        start = place + 8
        count = Int(Self.word(at: place, of: bytes))
    }

    /// Where the checksum stands.
    var end: Int { start + count }

    /// Four bytes in network order; 0 where the file does not have them.
    static func word(at place: Int, of bytes: [UInt8]) -> UInt32 {
        guard place >= 0, bytes.count - place >= 4 else { return 0 }
        let high = UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16
        return high | UInt32(bytes[place + 2]) << 8 | UInt32(bytes[place + 3])
    }
}
