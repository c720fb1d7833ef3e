import CFoveaPNG

/// Walks a PNG file's chunks by the rules of Pillow's PngImagePlugin.py: checksums count before the first IDAT and not from there on,
/// IDAT chunks belong together only while nothing stands between them, and what follows the picture may be missing but not cut in half.
struct PNGChunks {
    /// The content of IHDR.
    struct Header {
        var width = 0
        var height = 0
        var bitDepth: UInt8 = 0
        var colorType: UInt8 = 0
        var interlaced = false

        /// Those of the decoded picture.
        var channels: Int { Self.channels(colorType: colorType) }

        static func channels(colorType: UInt8) -> Int { colorType == 0 || colorType == 4 ? 1 : 3 }
    }

    /// The last IHDR before the picture data, wherever it stands there, as in Pillow.
    private(set) var header: Header?
    private(set) var palette: ArraySlice<UInt8>?
    private var text = PNGText()
    /// Where the compressed data lie, cut where the file ends.
    private(set) var data: [fovea_png_slice] = []

    private let bytes: [UInt8]
    private let maxPixels: Int
    private var position = 8
    /// The frames that acTL announces; nil also where a second one stands, which Pillow takes for neither.
    private var frames: Int?
    /// Whether the first frame is the picture itself: an fcTL stands before its data.
    private var beginsWithFrame = false
    /// The colour type by which tRNS is judged: that of the last IHDR, behind the picture too.
    private var colorType: UInt8?

    /// What the chunks, those behind the picture too, say of it.
    var metadata: PictureMetadata { text.metadata }

    /// - Parameter maxPixels: a header that announces more is refused at once, whatever follows it.
    init(_ bytes: [UInt8], maxPixels: Int) throws(PictureError) {
        self.bytes = bytes
        self.maxPixels = maxPixels
        try readHead()
        readData()
        try readTail()
    }

    /// Width, height and channels that the header will give, found by the walk that decoding makes, without checking anything; nil where there is
    /// no header.
    static func announcedSize(_ bytes: [UInt8]) -> (width: Int, height: Int, channels: Int)? {
        var size: (width: Int, height: Int, channels: Int)?
        var position = 8
        while let chunk = PNGChunk(at: position, of: bytes), chunk.name != .data, chunk.name != .end {
            guard chunk.count <= bytes.count - chunk.start else { break }
            if chunk.name == .imageHeader, chunk.count >= chunk.name.leastCount {
                size = (
                    Int(PNGChunk.word(at: chunk.start, of: bytes)), Int(PNGChunk.word(at: chunk.start + 4, of: bytes)),
                    Header.channels(colorType: bytes[chunk.start + 9])
                )
            }
            position = chunk.end + 4
        }
        return size
    }

    // MARK: the three parts of a file

    /// Everything before the first IDAT, at whose length field this stops.
    private mutating func readHead() throws(PictureError) {
        while true {
            guard let chunk = PNGChunk(at: position, of: bytes) else {
                throw Self.refusal("it ends, or holds something that is no chunk, at byte \(position), before any picture data")
            }
            let name = chunk.name
            if name == .data { return }
            if name == .end { throw Self.refusal("it holds no picture data (IDAT)") }
            let content = try content(chunk)
            switch name {
            case .imageHeader: try takeHeader(content)
            case .palette: if header?.colorType == 3 { palette = content }
            case .animation:
                let announced = Int(PNGChunk.word(at: chunk.start, of: bytes))
                frames = frames == nil && (1...0x8000_0000).contains(announced) ? announced : nil
            case .frame: beginsWithFrame = true
            default: try takeAncillary(name, content)
            }
            let end = chunk.end
            guard bytes.count - end >= 4, CRC32.of(bytes[position + 4..<end]) == PNGChunk.word(at: end, of: bytes) else {
                throw Self.refusal("the checksum of chunk \(name) at byte \(position) is wrong")
            }
            position = end + 4
        }
    }

    private mutating func readData() {
        while let chunk = PNGChunk(at: position, of: bytes), chunk.name == .data || chunk.name == .moreData {
            let available = min(chunk.count, bytes.count - chunk.start)
            if available > 0 { data.append(fovea_png_slice(offset: chunk.start, count: available)) }
            position = min(chunk.start + available + 4, bytes.count)
        }
    }

    /// What stands behind the picture changes neither its header nor its palette any more. An animation's further frames are not looked at.
    private mutating func readTail() throws(PictureError) {
        let isAnimated = frames.map { $0 > 1 || !beginsWithFrame } ?? false
        while let chunk = PNGChunk(at: position, of: bytes), chunk.name != .end, !(isAnimated && chunk.name == .frame) {
            let content = try content(chunk)
            if chunk.name == .imageHeader {
                _ = try judgeHeader(content)
            } else {
                try takeAncillary(chunk.name, content)
            }
            position = min(chunk.end + 4, bytes.count)
        }
    }

    // MARK: chunks

    private func content(_ chunk: PNGChunk) throws(PictureError) -> ArraySlice<UInt8> {
        guard chunk.count <= bytes.count - chunk.start else {
            throw Self.refusal("it is truncated within chunk \(chunk.name) at byte \(position)")
        }
        guard chunk.count >= chunk.name.leastCount else {
            throw Self.refusal("chunk \(chunk.name) is cut short (\(chunk.count) bytes)")
        }
        return bytes[chunk.start..<chunk.end]
    }

    private mutating func takeAncillary(_ name: PNGChunkName, _ content: ArraySlice<UInt8>) throws(PictureError) {
        switch name {
        case .transparency:
            let least = colorType == 2 ? 6 : colorType == 0 ? 2 : 0
            if content.count < least { throw Self.refusal("chunk tRNS is cut short (\(content.count) bytes)") }
        case .exif: text.takeEXIF(content)
        case .internationalText: try text.takeInternational(content)
        case .plainText: try text.takePlain(content)
        case .compressedText: try text.takeCompressed(content)
        default: break
        }
    }

    private mutating func takeHeader(_ content: ArraySlice<UInt8>) throws(PictureError) {
        let content = Array(content.prefix(13))
        guard try judgeHeader(content[...]) else {
            throw Self.refusal("bit depth \(content[8]) with colour type \(content[9]) is not a PNG")
        }
        // Pillow would lay the earlier header's palette over colours that have none.
        guard palette == nil || content[9] == 3 else { throw Self.refusal("a second header (IHDR) follows the palette of the first") }
        let (width, height) = (Int(PNGChunk.word(at: 0, of: content)), Int(PNGChunk.word(at: 4, of: content)))
        try PictureFormat.png.checkSize(width, height, maxPixels: maxPixels)
        // Pillow never takes back that a picture is interlaced.
        let interlaced = content[12] != 0 || header?.interlaced == true
        header = Header(width: width, height: height, bitDepth: content[8], colorType: content[9], interlaced: interlaced)
    }

    /// - Returns: whether bit depth and colour type go together; what stands behind the picture need not.
    private mutating func judgeHeader(_ content: ArraySlice<UInt8>) throws(PictureError) -> Bool {
        let content = Array(content.prefix(13))
        guard content[11] == 0 else { throw Self.refusal("filter method \(content[11]) is unknown") }
        let depths: [UInt8] =
            switch content[9] {
            case 0: [1, 2, 4, 8, 16]
            case 3: [1, 2, 4, 8]
            case 2, 4, 6: [8, 16]
            default: []
            }
        guard depths.contains(content[8]) else { return false }
        colorType = content[9]
        return true
    }

    private static func refusal(_ what: String) -> PictureError { .undecodable("PNG: \(what)") }
}
