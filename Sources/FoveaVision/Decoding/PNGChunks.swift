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
    }

    private(set) var header: Header?
    private(set) var palette: ArraySlice<UInt8>?
    private var text = PNGText()
    /// Where the compressed data lie, cut where the file ends.
    private(set) var data: [fovea_png_slice] = []

    private let bytes: [UInt8]
    private let maxPixels: Int
    private var position = 8

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

    // MARK: the three parts of a file

    /// Everything before the first IDAT, at whose length field this stops.
    private mutating func readHead() throws(PictureError) {
        while true {
            guard let (name, count) = chunk(at: position) else {
                throw Self.refusal("it ends, or holds something that is no chunk, at byte \(position), before any picture data")
            }
            if name == "IDAT" { return }
            if name == "IEND" { throw Self.refusal("it holds no picture data (IDAT)") }
            let content = try content(name, count)
            try take(name, content)
            let place = position + 8 + count
            guard bytes.count - place >= 4, CRC32.of(bytes[position + 4..<place]) == word(at: place) else {
                throw Self.refusal("the checksum of chunk \(name) at byte \(position) is wrong")
            }
            position = place + 4
        }
    }

    private mutating func readData() {
        while let (name, count) = chunk(at: position), name == "IDAT" || name == "DDAT" {
            let start = position + 8
            let available = min(count, bytes.count - start)
            if available > 0 { data.append(fovea_png_slice(offset: start, count: available)) }
            position = min(start + available + 4, bytes.count)
        }
    }

    private mutating func readTail() throws(PictureError) {
        while let (name, count) = chunk(at: position), name != "IEND" {
            try take(name, try content(name, count))
            position = min(position + 12 + count, bytes.count)
        }
    }

    // MARK: chunks

    /// Name and length of the chunk at `place`; nil where no whole chunk header stands there.
    private func chunk(at place: Int) -> (name: String, count: Int)? {
        guard bytes.count - place >= 8 else { return nil }
        let name = bytes[place + 4..<place + 8]
        let isName = name.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        return isName ? (String(decoding: name, as: UTF8.self), Int(word(at: place))) : nil
    }

    private func content(_ name: String, _ count: Int) throws(PictureError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position - 8 else { throw Self.refusal("it is truncated within chunk \(name) at byte \(position)") }
        return bytes[position + 8..<position + 8 + count]
    }

    private mutating func take(_ name: String, _ content: ArraySlice<UInt8>) throws(PictureError) {
        // What Pillow needs of the ancillary chunks that it reads.
        let least = ["gAMA": 4, "cHRM": 32, "sRGB": 1, "pHYs": 9, "acTL": 8, "fcTL": 26, "IHDR": 13]
        if let least = least[name], content.count < least { throw Self.refusal("chunk \(name) is cut short (\(content.count) bytes)") }
        switch name {
        case "IHDR": try takeHeader(Array(content))
        case "PLTE": if header?.colorType == 3 { palette = content }
        case "tRNS":
            let least = header.map { $0.colorType == 2 ? 6 : $0.colorType == 0 ? 2 : 0 } ?? 0
            if content.count < least { throw Self.refusal("chunk tRNS is cut short (\(content.count) bytes)") }
        case "eXIf": text.takeEXIF(content)
        case "iTXt": try text.takeInternational(content)
        case "tEXt": try text.takePlain(content)
        case "zTXt": try text.takeCompressed(content)
        default: break
        }
    }

    private mutating func takeHeader(_ content: [UInt8]) throws(PictureError) {
        let kinds: [UInt8: [UInt8]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
        guard let depths = kinds[content[9]], depths.contains(content[8]) else {
            throw Self.refusal("bit depth \(content[8]) with colour type \(content[9]) is not a PNG")
        }
        guard content[11] == 0 else { throw Self.refusal("filter method \(content[11]) is unknown") }
        let size = content[0..<8].map { Int($0) }
        let width = size[0] << 24 | size[1] << 16 | size[2] << 8 | size[3]
        let height = size[4] << 24 | size[5] << 16 | size[6] << 8 | size[7]
        try PictureFormat.png.checkSize(width, height, maxPixels: maxPixels)
        header = Header(width: width, height: height, bitDepth: content[8], colorType: content[9], interlaced: content[12] != 0)
    }

    private func word(at place: Int) -> UInt32 {
        guard place >= 0, bytes.count - place >= 4 else { return 0 }
        return bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func refusal(_ what: String) -> PictureError { .undecodable("PNG: \(what)") }
}
